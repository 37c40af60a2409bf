package org.graft.engine.optimum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.graft.common.UserError;
import org.graft.head.Candidates;
import org.graft.head.HeadRows;
import org.graft.head.HeadSpec;
import org.graft.head.Loss;
import org.graft.head.RoundReport;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingHistory.Validation;
import org.graft.head.TrainingPlan;

/**
 * Linear heads to the optimum of their loss: all candidates of all plans, and all of their folds,
 * in the same passes over the samples.
 */
public final class OptimumTraining {
  private final OptimumShards shards;
  private final Searches searches;

  private OptimumTraining(OptimumShards shards, Consumer<RoundReport> progress) {
    this.shards = shards;
    this.searches = new Searches(shards, progress);
  }

  /**
   * @param plans a head each; the blocks' targets are those of the first, then of the next, ...; a
   *     row without any target of a plan is not that plan's where there are several
   * @param progress told of every pass as it ends
   */
  public static List<Training> run(
      List<TrainingPlan> plans, OptimumShards shards, Consumer<RoundReport> progress) {
    plans.forEach(OptimumTraining::check);
    return new OptimumTraining(shards, progress).run(plans);
  }

  /** One shard's part of {@link OptimumShards#statistics}. */
  public static List<ShardStatistics> statistics(Shard shard, List<HeadRows> heads) {
    List<ShardStatistics> statistics = new ArrayList<>();
    for (HeadRows rows : heads) {
      statistics.add(ShardStatistics.of(shard.blocks().stream().map(rows::block).iterator()));
    }
    return statistics;
  }

  /** One shard's part of {@link OptimumShards#validate}. */
  public static Loss loss(Shard shard, TrainedHead head, SampleLoss loss, HeadRows rows) {
    return Loss.of(head, loss, shard.blocks().stream().map(rows::block).iterator());
  }

  private static void check(TrainingPlan plan) {
    if (!(plan.spec() instanceof HeadSpec.Linear)) {
      throw new UserError(
          "Cannot train the head to its optimum: only a linear head has one (got head.kind: %s). Set head.kind: linear, or train.method: averaging."
              .formatted(plan.spec().getClass().getSimpleName().toLowerCase(Locale.ROOT)));
    }
    if (plan.options().focalGamma() > 0) {
      throw new UserError(
          "Cannot train the head to its optimum: the focal loss is not convex (got train.focalGamma: %s). Set it to 0, or train.method: averaging."
              .formatted(plan.options().focalGamma()));
    }
  }

  private List<Training> run(List<TrainingPlan> plans) {
    List<List<Tried>> tried = tried(plans);
    List<Tried> all = tried.stream().flatMap(List::stream).toList();
    Map<HeadRows, ShardStatistics> statistics = statistics(all);
    all.forEach(one -> one.begin(statistics));
    searches.run(all.stream().flatMap(one -> one.searches.stream()).toList());
    score(all.stream().filter(one -> one.folds > 0).toList(), true);
    score(tried.stream().filter(t -> t.size() > 1).flatMap(List::stream).toList(), false);
    List<Integer> best =
        tried.stream()
            .map(of -> Candidates.best(of.stream().mapToDouble(Tried::loss).toArray()))
            .toList();
    List<HeadSearch> whole = new ArrayList<>();
    for (int p = 0; p < plans.size(); p++) {
      whole.add(tried.get(p).get(best.get(p)).whole(statistics));
    }
    searches.run(whole.stream().filter(search -> !search.ended()).toList());
    List<Training> trainings = new ArrayList<>();
    for (int p = 0; p < plans.size(); p++) {
      trainings.add(training(tried.get(p), best.get(p), whole.get(p)));
    }
    return trainings;
  }

  /** The candidates of each plan. */
  private static List<List<Tried>> tried(List<TrainingPlan> plans) {
    List<List<Tried>> tried = new ArrayList<>();
    int from = 0;
    for (TrainingPlan plan : plans) {
      HeadRows rows = HeadRows.of(from, plan.labels().size(), plans.size() > 1);
      tried.add(Candidates.of(plan).stream().map(c -> new Tried(plan, c, rows)).toList());
      from += plan.labels().size();
    }
    return tried;
  }

  private Map<HeadRows, ShardStatistics> statistics(List<Tried> tried) {
    List<HeadRows> wanted =
        tried.stream()
            .flatMap(one -> Stream.concat(Stream.of(one.rows), one.seen().stream()))
            .distinct()
            .toList();
    List<List<ShardStatistics>> parts = shards.statistics(wanted);
    Map<HeadRows, ShardStatistics> statistics = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      int at = i;
      statistics.put(
          wanted.get(i), ShardStatistics.merged(parts.stream().map(p -> p.get(at)).toList()));
    }
    return statistics;
  }

  /**
   * @param folded whether by rows of the training samples that were held out; else by validation
   */
  private void score(List<Tried> tried, boolean folded) {
    List<Tried> wanted = tried.stream().filter(one -> one.folds > 0 == folded).toList();
    for (List<Tried> group : Searches.groups(wanted, Tried::parameters)) {
      Pass pass = new Pass(group.stream().flatMap(one -> one.measured().stream()).toList(), false);
      PassSums sums =
          PassSums.merged(folded ? shards.train("train: folds", pass) : shards.validate(pass));
      int first = 0;
      for (Tried one : group) {
        one.scored(sums, first);
        first += one.searches.size();
      }
    }
  }

  private Training training(List<Tried> tried, int best, HeadSearch found) {
    TrainedHead head = found.head();
    Loss loss = Loss.merged(shards.validate(head, found.loss(), tried.get(best).rows));
    loss.requireWeight();
    Validation validation =
        loss.rows() == 0 ? null : new Validation(loss.rows(), loss.mean(), loss.accuracy());
    List<Epoch> epochs = new ArrayList<>();
    List<RoundReport> steps = found.steps();
    for (RoundReport step : steps) {
      Validation here = epochs.size() == steps.size() - 1 ? validation : null;
      epochs.add(
          new Epoch(
              step.epoch(), step.rounds(), step.rounds() * step.examples(), step.loss(), here));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < tried.size(); i++) {
      candidates.add(tried.get(i).report(i == best, i == best ? validation : null));
    }
    return new Training(
        head, new TrainingHistory(epochs, epochs.size(), found.passes(), candidates));
  }
}
