package org.graft.engine.exact;

import java.util.ArrayList;
import java.util.List;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;

/** One shard after the other, in this process. */
final class LocalExactWorkers implements ExactWorkers {
  private final List<Shard> train;
  private final List<Shard> validation;
  private List<LeaveOneOut.Found> found;
  private List<Logits> held;

  LocalExactWorkers(List<Shard> train, List<Shard> validation) {
    this.train = train;
    this.validation = validation;
  }

  @Override
  public List<ShardStatistics> look() {
    return train.stream().map(shard -> ShardStatistics.of(shard.blocks().iterator())).toList();
  }

  @Override
  public ExactStatistics statistics(ExactRows rows, double[] shift) {
    ExactStatistics all = ExactStatistics.none(rows.targets(), shift);
    for (Shard shard : train) {
      double[][] chunks = StatisticsSum.of(shard, rows, shift);
      if (chunks.length > 0) {
        all = all.plus(ExactStatistics.of(rows.targets(), shift, chunks));
      }
    }
    return all;
  }

  @Override
  public List<LeaveOneOut.Found> leaveOneOut(LeaveOneOut work) {
    found = train.stream().map(work::of).toList();
    return found;
  }

  @Override
  public void hold(HeldOut work) {
    held = new ArrayList<>();
    for (int i = 0; i < train.size(); i++) {
      held.add(work.of(train.get(i), found.get(i)));
    }
  }

  @Override
  public List<double[]> sums(double[] scales, double smoothing) {
    return held.stream().map(logits -> logits.sums(scales, smoothing)).toList();
  }

  @Override
  public List<double[]> trainErrors(HeadErrors work) {
    return train.stream().map(work::of).toList();
  }

  @Override
  public boolean hasValidation() {
    return validation.stream().anyMatch(shard -> shard.size() > 0);
  }

  @Override
  public List<double[]> validationErrors(HeadErrors work) {
    return validation.stream().map(work::of).toList();
  }

  /** What is held, a shard each. */
  List<Logits> held() {
    return held;
  }
}
