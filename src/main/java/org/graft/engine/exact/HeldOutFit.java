package org.graft.engine.exact;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.inspect.LabelScore;

/**
 * A ridge head that is asked about each sample without having seen it: its penalty is the one of
 * the least leave-one-out error, its probabilities are those of the scale that makes the held-out
 * labels as probable as can be.
 */
public final class HeldOutFit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactRows rows;
  private final double scale;
  private final double accuracy;

  private HeldOutFit(ExactRows rows, double scale, double accuracy) {
    this.rows = rows;
    this.scale = scale;
    this.accuracy = accuracy;
  }

  /**
   * @param workers hold the outputs afterwards, for {@link #scores}
   * @param all of the workers' samples; those without a label are left out
   * @throws UserError if none can be left out
   */
  public static HeldOutFit of(ExactWorkers workers, ShardStatistics all) {
    ExactRows rows = ExactRows.first(all.classes()).labelled();
    ExactStatistics statistics = workers.statistics(rows, all.mean());
    double[] penalties = RidgeFit.path();
    int[] starts = {0, all.classes()};
    RidgePath path = RidgePath.of(statistics, true);
    LeaveOneOut.Found found =
        LeaveOneOut.Found.merged(workers.leaveOneOut(path.leaveOneOut(rows, penalties, starts)));
    int chosen = found.best(0, 1);
    if (chosen < 0) {
      throw new UserError(
          "Cannot look at the samples: each of %d is fitted whatever its label is. Add samples."
              .formatted(statistics.rows()));
    }
    Linear head = path.head(penalties[chosen]);
    workers.hold(new HeldOut(rows, head, starts, new int[] {chosen}, penalties.length, false));
    double smoothing = 1.0 / (statistics.rows() + 1);
    double scale = Scales.best(1, scales -> HeadErrors.merged(workers.sums(scales, smoothing)))[0];
    return new HeldOutFit(rows, scale, found.hits[chosen] / statistics.weight());
  }

  /** Share of the samples whose label is the most probable one. */
  public double accuracy() {
    return accuracy;
  }

  /** Of one shard, in the order of its rows. */
  public List<LabelScore> scores(Shard shard, Logits held) {
    List<LabelScore> scores = new ArrayList<>();
    for (LabelledBlock block : shard.blocks()) {
      for (int i = 0; i < block.size(); i++) {
        if (rows.weight(block, i) > 0) {
          scores.add(score(block.key(i), held, scores.size()));
        }
      }
    }
    return scores;
  }

  private LabelScore score(String key, Logits held, int row) {
    double[] p = held.probabilities(row, scale);
    int given = held.label(row);
    int other = given == 0 ? 1 : 0;
    for (int c = 0; c < p.length; c++) {
      other = c != given && p[c] > p[other] ? c : other;
    }
    return new LabelScore(key, given, other, p[given], p[other]);
  }
}
