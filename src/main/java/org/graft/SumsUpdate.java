package org.graft;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.graft.engine.exact.ExactHeads;
import org.graft.engine.exact.ExactStatistics;
import org.graft.engine.exact.StatisticsFile;
import org.graft.head.Averaging;
import org.graft.head.Grid;
import org.graft.head.Training;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.TrainedSamples;

/**
 * A solved head from the sums of an earlier training: only samples that came or went since are
 * read. What that training chose, a penalty or shrinkage and a temperature, stays.
 */
final class SumsUpdate {
  private final Graft graft;
  private final TrainedSamples samples;
  private final Index index;
  private final Features features;
  private final TrainingPlan plan;
  private final Consumer<String> notes;

  SumsUpdate(
      Graft graft,
      TrainedSamples samples,
      Index index,
      Features features,
      TrainingPlan plan,
      Consumer<String> notes) {
    this.graft = graft;
    this.samples = samples;
    this.index = index;
    this.features = features;
    this.plan = plan;
    this.notes = notes;
  }

  /** Whether all that an update needs is kept of a training. */
  boolean isKept(String training) throws IOException {
    String folder = graft.workspace().head(training);
    return graft.storage().exists(folder + "/" + StatisticsFile.NAME) && samples.has(training);
  }

  /**
   * @param labels of the earlier training's head
   * @return empty, and why is said, where it is better or needed to read all
   */
  Optional<Training> of(String training, Labels labels) throws IOException {
    Dataset<Row> then = samples.read(training);
    Dataset<Row> now = samples.of(index, features, plan);
    Dataset<Row> came = now.except(then).persist(StorageLevel.MEMORY_AND_DISK());
    Dataset<Row> gone = then.except(now).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      ExactStatistics all = graft.statistics(training);
      if (2 * gone.count() > all.rows()) {
        notes.accept("more samples went than stayed: all are read, lest digits are lost");
        return Optional.empty();
      }
      Optional<ExactStatistics> minus = sums(gone, labels, all);
      Optional<ExactStatistics> plus = sums(came, plan.labels(), all);
      if (minus.isEmpty() || plus.isEmpty()) {
        notes.accept("features of some samples that came or went are not stored: all are read");
        return Optional.empty();
      }
      ExactStatistics kept = all.minus(minus.get());
      notes.accept(
          "%d rows came, %d went, %d are not read again"
              .formatted(plus.get().rows(), minus.get().rows(), kept.rows()));
      ExactStatistics sums = kept.select(targets(labels)).plus(plus.get());
      return Optional.of(ExactHeads.update(graft.history(training), plan, sums));
    } finally {
      came.unpersist();
      gone.unpersist();
    }
  }

  /** Empty where one of the rows has no features. */
  private Optional<ExactStatistics> sums(Dataset<Row> rows, Labels labels, ExactStatistics like)
      throws IOException {
    long count = rows.count();
    if (count == 0) {
      return Optional.of(ExactStatistics.none(labels.size(), new double[like.width()]));
    }
    TrainingPlan alone =
        new TrainingPlan(
            plan.spec(),
            labels,
            plan.output(),
            plan.options(),
            Averaging.of(plan.averaging().sharding().shards(), 1),
            Grid.NONE,
            plan.weightColumn());
    Features some = features.only(rows);
    return some.isWhole(count)
        ? Optional.of(graft.statistics(TrainedSamples.index(index, rows, plan), some, alone))
        : Optional.empty();
  }

  /** For each label of the plan its number among {@code before}; -1: it is new. */
  private int[] targets(Labels before) {
    return plan.labels().names().stream().mapToInt(name -> before.index(name).orElse(-1)).toArray();
  }
}
