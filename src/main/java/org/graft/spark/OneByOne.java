package org.graft.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.graft.head.Candidates;
import org.graft.head.Checkpoints;
import org.graft.head.HeadBytes;
import org.graft.head.HeadRows;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingPlan;

/**
 * Several heads by a method that fits one at a time: each plan, each of its grid's candidates and
 * each fold is a training of its own, on the same shards, which are packed once.
 */
public final class OneByOne implements Trainer.Fit {
  /** What fits one head; partition i of either RDD is shard i. */
  @FunctionalInterface
  public interface Single {
    Training train(
        TrainingPlan plan,
        JavaRDD<Shard> train,
        JavaRDD<Shard> validation,
        Checkpoints checkpoints,
        Consumer<RoundReport> progress);
  }

  private final JavaSparkContext sc;
  private final Single single;

  public OneByOne(JavaSparkContext sc, Single single) {
    this.sc = sc;
    this.single = single;
  }

  @Override
  public List<Training> train(
      List<TrainingPlan> plans,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Checkpoints checkpoints,
      Consumer<RoundReport> progress) {
    Numbered numbered = new Numbered(checkpoints, progress);
    List<Training> trainings = new ArrayList<>();
    int from = 0;
    for (TrainingPlan plan : plans) {
      HeadRows rows = HeadRows.of(from, plan.labels().size(), plans.size() > 1);
      try (Rows own = new Rows(train, rows, plans.size() == 1);
          Rows held = new Rows(validation, rows, plans.size() == 1)) {
        trainings.add(chosen(plan, own.shards, held.shards, numbered));
      }
      from += plan.labels().size();
    }
    return trainings;
  }

  private Training chosen(
      TrainingPlan plan, JavaRDD<Shard> train, JavaRDD<Shard> validation, Numbered numbered) {
    List<TrainingPlan> candidates = Candidates.of(plan);
    if (candidates.size() == 1 && plan.grid().folds() == 0) {
      return numbered.train(candidates.get(0), train, validation);
    }
    List<Training> trainings = new ArrayList<>();
    List<Loss> losses = new ArrayList<>();
    for (TrainingPlan candidate : candidates) {
      if (plan.grid().folds() > 0) {
        losses.add(folded(plan, candidate, train, validation, numbered));
      } else {
        Training training = numbered.train(candidate, train, validation);
        trainings.add(training);
        losses.add(loss(plan, training.head(), train, validation));
      }
    }
    int best = Candidates.best(losses.stream().mapToDouble(Loss::mean).toArray());
    Training training =
        trainings.isEmpty()
            ? numbered.train(candidates.get(best), train, validation)
            : trainings.get(best);
    TrainingHistory history = training.history();
    return new Training(
        training.head(),
        new TrainingHistory(
            history.epochs(),
            history.bestEpoch(),
            history.rounds(),
            reports(plan, candidates, losses, best)));
  }

  /**
   * Of all rows, each held out once. Nothing is decided by what is held out: training ends, and its
   * best epoch is taken, as that of the chosen head, by the validation split or without one.
   */
  private Loss folded(
      TrainingPlan plan,
      TrainingPlan candidate,
      JavaRDD<Shard> train,
      JavaRDD<Shard> validation,
      Numbered numbered) {
    HeadRows all = HeadRows.of(0, plan.labels().size(), false);
    int folds = plan.grid().folds();
    List<Loss> losses = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      try (Rows others = new Rows(train, all.without(fold, folds), false);
          Rows held = new Rows(train, all.within(fold, folds), false)) {
        Training training = numbered.train(candidate, others.shards, validation);
        losses.add(loss(plan, training.head(), others.shards, held.shards));
      }
    }
    return Loss.merged(losses);
  }

  /** Measured alike among the plan's candidates: by the plan's own class weights. */
  private Loss loss(
      TrainingPlan plan, TrainedHead head, JavaRDD<Shard> train, JavaRDD<Shard> held) {
    Broadcast<byte[]> bytes = sc.broadcast(HeadBytes.of(head));
    try {
      return NamedJobs.call(sc, "train: candidate's loss", () -> loss(plan, bytes, train, held));
    } finally {
      bytes.destroy();
    }
  }

  private static Loss loss(
      TrainingPlan plan, Broadcast<byte[]> head, JavaRDD<Shard> train, JavaRDD<Shard> held) {
    List<ShardStatistics> statistics =
        train.map(shard -> ShardStatistics.of(shard.blocks().iterator())).collect();
    SampleLoss loss = SampleLoss.of(plan, ShardStatistics.merged(statistics));
    return Loss.merged(held.map(shard -> loss(shard, head.value(), loss)).collect());
  }

  private static Loss loss(Shard shard, byte[] head, SampleLoss loss) {
    return Loss.of(HeadBytes.head(head), loss, shard.blocks().iterator());
  }

  private static List<Candidate> reports(
      TrainingPlan plan, List<TrainingPlan> candidates, List<Loss> losses, int best) {
    List<Candidate> reports = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Map<String, Double> scores = new TreeMap<>();
      scores.put(Candidates.LOSS, losses.get(i).mean());
      scores.put(Candidates.ACCURACY, losses.get(i).accuracy());
      reports.add(new Candidate(Candidates.settings(plan, candidates.get(i)), scores, i == best));
    }
    return reports;
  }

  /** The trainings in their order, which is the same in each run; each has its own checkpoints. */
  private final class Numbered {
    private final Checkpoints checkpoints;
    private final Consumer<RoundReport> progress;
    private int number;

    Numbered(Checkpoints checkpoints, Consumer<RoundReport> progress) {
      this.checkpoints = checkpoints;
      this.progress = progress;
    }

    Training train(TrainingPlan plan, JavaRDD<Shard> train, JavaRDD<Shard> validation) {
      return single.train(
          plan, train, validation, checkpoints.of("training-" + number++), progress);
    }
  }

  /** Some rows and targets of all shards, kept while they are trained on. */
  private static final class Rows implements AutoCloseable {
    final JavaRDD<Shard> shards;
    private final boolean all;

    Rows(JavaRDD<Shard> whole, HeadRows rows, boolean all) {
      this.all = all;
      this.shards = all ? whole : whole.map(rows::shard).persist(StorageLevel.MEMORY_AND_DISK());
    }

    @Override
    public void close() {
      if (!all) {
        shards.unpersist();
      }
    }
  }
}
