package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.graft.head.Shard;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A logical worker's part of a round: some steps of DL4J's own {@code fit} on one thread. */
public final class HeadWorker {
  private HeadWorker() {}

  /**
   * Fits the round's batches of this shard; each row comes once an epoch, the last batch is small.
   */
  public static HeadFit fit(Shard shard, HeadRound round) {
    long aRound = (long) round.localSteps() * round.batch();
    int from = (int) Math.min(shard.size(), round.round() * aRound);
    int to = (int) Math.min(shard.size(), from + aRound);
    if (from == to) {
      return HeadFit.NOTHING;
    }
    // How a matrix product is cut for threads shows in its last bits.
    Dl4jEngine.prepare();
    return fit(shard, round, from, to);
  }

  private static HeadFit fit(Shard shard, HeadRound round, int from, int to) {
    long start = System.nanoTime();
    int[] order = shard.order(round.seed(), round.state().epoch());
    ComputationGraph graph = round.network();
    GradientSum gradient = new GradientSum();
    graph.setListeners(gradient);
    double loss = 0;
    int steps = 0;
    for (int at = from; at < to; at += round.batch(), steps++) {
      int rows = Math.min(round.batch(), to - at);
      loss += rows * step(graph, shard, order, at, rows);
    }
    HeadState end = HeadState.of(graph);
    HeadNetwork.free(graph);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new HeadFit(
        to - from, steps, end.parameters(), end.updater(), gradient.sum(), loss, seconds);
  }

  /** The mean loss over the batch, before the step. */
  private static double step(ComputationGraph graph, Shard shard, int[] order, int at, int rows) {
    try (INDArray x = matrix(shard.features(order, at, at + rows), rows);
        INDArray y = matrix(shard.targets(order, at, at + rows), rows)) {
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
