package org.graft.engine.dl4j;

import java.nio.FloatBuffer;
import org.graft.head.FeatureScaling;
import org.graft.head.Shard;

/** A logical worker's part of a round: some of DL4J's steps on one thread. */
public final class HeadWorker {
  private HeadWorker() {}

  /**
   * Fits the round's batches of this shard; each row comes once an epoch, the last batch is small.
   *
   * @param scaling applied to every batch as it is gathered, so nothing scaled is kept
   */
  public static HeadFit fit(Shard shard, FeatureScaling scaling, byte[] round) {
    long start = System.nanoTime();
    HeadRound told = HeadRound.of(round);
    return fit(shard, scaling, told, (System.nanoTime() - start) / 1e9);
  }

  static HeadFit fit(Shard shard, FeatureScaling scaling, HeadRound round) {
    return fit(shard, scaling, round, 0);
  }

  private static HeadFit fit(
      Shard shard, FeatureScaling scaling, HeadRound round, double unpackSeconds) {
    if (round.rows(shard.size(), round.step())
        == round.rows(shard.size(), round.step() + round.steps())) {
      return HeadFit.NOTHING;
    }
    long start = System.nanoTime();
    // How a matrix product is cut for threads shows in its last bits.
    Dl4jEngine.prepare();
    int[] order = shard.order(round.seed(), round.state().epoch());
    HeadGraph graph = HeadGraph.at(round);
    double loss = 0;
    int examples = 0;
    int steps = 0;
    for (int step = round.step(); step < round.step() + round.steps(); step++) {
      int from = round.rows(shard.size(), step);
      int to = round.rows(shard.size(), step + 1);
      if (from < to) {
        int[] rows = graph.rows(order, from, to);
        int n = rows.length;
        float[] x = shard.features(rows, 0, n);
        scaling.apply(x);
        HeadBatch batch =
            new HeadBatch(
                x,
                shard.targets(rows, 0, n),
                HeadBatch.weights(shard.weights(rows, 0, n)),
                shard.draws(rows, 0, n, round.seed(), round.state().epoch()),
                to - from);
        loss += (to - from) * graph.step(batch);
        examples += to - from;
        steps++;
      }
    }
    double squares = squares(round.state().parameters(), graph.parameters());
    double seconds = (System.nanoTime() - start) / 1e9;
    return HeadFit.of(
        examples,
        steps,
        graph.parameters(),
        graph.updater(),
        graph.gradients(),
        loss,
        squares,
        seconds,
        unpackSeconds);
  }

  private static double squares(float[] from, FloatBuffer to) {
    double sum = 0;
    for (int i = 0; i < from.length; i++) {
      double way = (double) to.get(i) - from[i];
      sum += way * way;
    }
    return sum;
  }
}
