package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.graft.head.FeatureScaling;
import org.graft.head.Shard;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A logical worker's part of a round: some steps of DL4J's own {@code fit} on one thread. */
public final class HeadWorker {
  private HeadWorker() {}

  /**
   * Fits the round's batches of this shard; each row comes once an epoch, the last batch is small.
   *
   * @param scaling applied to every batch as it is gathered, so nothing scaled is kept
   */
  public static HeadFit fit(Shard shard, FeatureScaling scaling, HeadRound round) {
    if (round.rows(shard.size(), round.step())
        == round.rows(shard.size(), round.step() + round.steps())) {
      return HeadFit.NOTHING;
    }
    long start = System.nanoTime();
    // How a matrix product is cut for threads shows in its last bits.
    Dl4jEngine.prepare();
    int[] order = shard.order(round.seed(), round.state().epoch());
    ComputationGraph graph = round.network();
    GradientSum gradient = new GradientSum();
    graph.setListeners(gradient);
    double loss = 0;
    int examples = 0;
    int steps = 0;
    for (int step = round.step(); step < round.step() + round.steps(); step++) {
      int from = round.rows(shard.size(), step);
      int to = round.rows(shard.size(), step + 1);
      if (from < to) {
        float[] x = shard.features(order, from, to);
        scaling.apply(x);
        int rows = to - from;
        loss += rows * step(graph, matrix(x, rows), matrix(shard.targets(order, from, to), rows));
        examples += rows;
        steps++;
      }
    }
    HeadState end = HeadState.of(graph);
    HeadNetwork.free(graph);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new HeadFit(
        examples, steps, end.parameters(), end.updater(), gradient.sum(), loss, seconds);
  }

  /** The mean loss over the batch, before the step. */
  private static double step(ComputationGraph graph, INDArray features, INDArray targets) {
    try (INDArray x = features;
        INDArray y = targets) {
      graph.fit(new INDArray[] {x}, new INDArray[] {y});
      return graph.score();
    }
  }

  private static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  /**
   * Adds up the gradients before the updater turns them, in place, into steps. DL4J divides by the
   * batch size there, so here they are sums over rows.
   */
  private static final class GradientSum extends BaseTrainingListener {
    private float[] sum = {};

    @Override
    public void onGradientCalculation(Model model) {
      float[] gradient = model.gradient().gradient().toFloatVector();
      if (sum.length == 0) {
        sum = gradient;
        return;
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }

    float[] sum() {
      return sum;
    }
  }
}
