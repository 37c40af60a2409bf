package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keeps workers whose samples differ in kind from going each its own way: a step follows {@code
 * gradient(here) - gradient(at the round's start) + gradient of all}, the first two of the same
 * rows. What is peculiar to the worker cancels out, and so does most of the noise of a batch
 * (SCAFFOLD, Karimireddy et al. 2020; without any state of a worker, and with one updater for all,
 * as MIME, Karimireddy et al. 2021). The gradient of all is the last round's mean, so a round stays
 * one job; that it is a round late costs nothing at rates that converge at all.
 */
final class DriftCorrection implements AutoCloseable {
  private final ComputationGraph start;
  private final DenseGradient dense;
  private final INDArray all;

  DriftCorrection(String configuration) {
    this.start = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    start.init();
    start.initGradientsView();
    this.dense = DenseGradient.of(start);
    this.all = start.getGradientsViewArray().dup();
  }

  void begin(HeadRound round) {
    round.state().copyTo(start);
    all.data().asNioFloat().put(round.gradient());
  }

  /**
   * @param gradient sum over the rows, corrected in place
   */
  void correct(INDArray gradient, INDArray x, INDArray y) {
    if (dense != null) {
      dense.run(x, y);
    } else {
      start.setInputs(x);
      start.setLabels(y);
      start.computeGradientAndScore();
    }
    gradient.subi(start.getGradientsViewArray()).addi(all.mul(x.size(0)));
  }

  @Override
  public void close() {
    HeadNetwork.free(start);
    all.close();
  }
}
