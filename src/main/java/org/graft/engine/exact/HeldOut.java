package org.graft.engine.exact;

import java.io.Serializable;
import org.graft.head.Shard;

/** What the chosen heads would say of each sample, had they been fitted without it. */
public final class HeldOut implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactRows rows;
  private final Linear heads;
  private final int[] starts;
  private final int[] chosen;
  private final int penalties;
  private final boolean sigmoid;

  /**
   * @param heads by the chosen penalty each, side by side, on raw features
   * @param chosen each head's penalty, as the leverages number them
   */
  HeldOut(
      ExactRows rows, Linear heads, int[] starts, int[] chosen, int penalties, boolean sigmoid) {
    this.rows = rows;
    this.heads = heads;
    this.starts = starts;
    this.chosen = chosen;
    this.penalties = penalties;
    this.sigmoid = sigmoid;
  }

  /** Of one shard. */
  public Logits of(Shard shard, LeaveOneOut.Found found) {
    int n = found.leverages.length / penalties;
    Logits logits =
        new Logits(
            new float[Math.multiplyExact(n, heads.outputs)],
            new float[n * heads.outputs],
            new double[n],
            starts,
            sigmoid);
    int[] done = {0};
    heads.products(
        shard,
        rows,
        (batch, predictions) -> {
          fill(logits, batch, predictions, done[0], found.leverages);
          done[0] += batch.size();
        });
    return logits;
  }

  private void fill(
      Logits logits, Batch batch, double[] predictions, int done, double[] leverages) {
    int outputs = heads.outputs;
    for (int i = 0; i < batch.size(); i++) {
      logits.weights[done + i] = batch.weights[i];
      for (int h = 0; h < chosen.length; h++) {
        double left = 1 - leverages[(done + i) * penalties + chosen[h]];
        for (int c = starts[h]; c < starts[h + 1]; c++) {
          double target = batch.y[i * outputs + c];
          double error = (target - heads.bias[c] - predictions[i * outputs + c]) / left;
          int at = (done + i) * outputs + c;
          logits.values[at] = (float) (target - error - (sigmoid ? 0.5 : 0));
          logits.targets[at] = (float) target;
        }
      }
    }
  }
}
