package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keeps workers whose samples differ in kind from going each its own way: a step follows {@code
 * gradient(here) - gradient(at the anchor) + gradient of all at the anchor}, the first two of the
 * same rows. What is peculiar to the worker cancels out, and so does most of a batch's noise
 * (SCAFFOLD, Karimireddy et al. 2020; without any state of a worker and with one updater for all,
 * as MIME, Karimireddy et al. 2021; the difference is SVRG's, Johnson and Zhang 2013). The anchor
 * lies half way through the last round, where its mean gradient belongs: so a round stays one job.
 */
final class DriftCorrection implements AutoCloseable {
  private final ComputationGraph anchor;
  private final DenseGradient dense;
  private final INDArray all;

  DriftCorrection(String configuration) {
    this.anchor = HeadNetwork.init(ComputationGraphConfiguration.fromJson(configuration), null);
    anchor.initGradientsView();
    this.dense = DenseGradient.of(anchor);
    this.all = anchor.getGradientsViewArray().dup();
  }

  void begin(HeadRound round) {
    anchor.params().data().asNioFloat().put(round.anchor().parameters());
    all.data().asNioFloat().put(round.anchor().gradient());
  }

  /**
   * @param gradient sum over the rows, corrected in place
   */
  void correct(INDArray gradient, HeadBatch batch, INDArray x, INDArray y) {
    if (dense != null) {
      dense.run(x, y, batch.mask());
    } else {
      anchor.setInputs(x);
      anchor.setLabels(y);
      HeadDropout.draw(anchor, batch.draws());
      RowLoss.weigh(anchor, batch.weights());
      anchor.computeGradientAndScore();
    }
    gradient.subi(anchor.getGradientsViewArray()).addi(all.mul(x.size(0)));
  }

  @Override
  public void close() {
    HeadNetwork.free(anchor);
    all.close();
  }
}
