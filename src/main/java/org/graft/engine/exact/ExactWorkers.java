package org.graft.engine.exact;

import java.util.List;
import org.graft.head.ShardStatistics;

/**
 * Whoever holds the shards: a loop here, the tasks of a cluster elsewhere. Lists are in shard
 * order. What is returned is the same anywhere.
 */
public interface ExactWorkers {
  /** Of the training samples. */
  List<ShardStatistics> look();

  /**
   * Of the training rows that count: {@link StatisticsSum} of each shard, added in shard order.
   *
   * @param shift {@code [width]}
   */
  ExactStatistics statistics(ExactRows rows, double[] shift);

  /** Over the training samples; what was found is kept for {@link #hold}. */
  List<LeaveOneOut.Found> leaveOneOut(LeaveOneOut work);

  /** Over the training samples and what was found last; the result is kept for {@link #sums}. */
  void hold(HeldOut work);

  /** {@link Logits#sums} of what is held. */
  List<double[]> sums(double[] scales, double smoothing);

  /** Over the training samples, for folds. */
  List<double[]> trainErrors(HeadErrors work);

  /** Whether there are validation samples. */
  boolean hasValidation();

  /** Over the validation samples. */
  List<double[]> validationErrors(HeadErrors work);
}
