package org.graft.engine.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.head.HeadSpec;
import org.graft.head.LossWeights;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingPlan;

/**
 * How exact heads are found, whoever does the work. Several heads share passes and decompositions
 * where the same rows count the same for them.
 */
public final class ExactTraining {
  private final List<TrainingPlan> plans;
  private final ExactWorkers workers;
  private final ShardStatistics all;

  private ExactTraining(List<TrainingPlan> plans, ExactWorkers workers, ShardStatistics all) {
    this.plans = plans;
    this.workers = workers;
    this.all = all;
  }

  /**
   * @param plans a label column each; the blocks' targets are those of the first plan's labels,
   *     then of the second's, and so on. A row without a label in a column of one label a sample
   *     does not count for that column
   * @return in the order of the plans
   */
  public static List<Training> run(List<TrainingPlan> plans, ExactWorkers workers) {
    plans.forEach(ExactTraining::check);
    ShardStatistics all = ShardStatistics.merged(workers.look());
    all.requireSamples();
    int classes = plans.stream().mapToInt(plan -> plan.labels().size()).sum();
    Checks.argument(
        all.classes() == classes, "blocks have %d classes, the labels %d", all.classes(), classes);
    return new ExactTraining(plans, workers, all).run();
  }

  private static void check(TrainingPlan plan) {
    boolean sigmoid = plan.output() == Output.SIGMOID;
    if (sigmoid && plan.spec() instanceof HeadSpec.Lda) {
      throw new UserError(
          "Cannot train an lda head: it gives one label a sample (got multiLabel: true). Use head: ridge.");
    }
    if (sigmoid && plan.options().classWeights() == ClassWeights.BALANCED) {
      throw new UserError(
          "Cannot balance the labels of a ridge head: with any number of labels a sample, each label would weigh the samples otherwise (got train.classWeights: balanced). Set it to none, or use head: linear.");
    }
  }

  private List<Training> run() {
    Training[] trainings = new Training[plans.size()];
    for (List<Integer> group : groups()) {
      ExactRows rows = rows(group);
      List<TrainingPlan> those = group.stream().map(plans::get).toList();
      ExactStatistics statistics = workers.statistics(rows, all.mean());
      if (statistics.weight() <= 0) {
        throw new UserError(
            "Cannot train a head: no training sample has one of the labels %s, or all weigh nothing. Check the label column and train.weightColumn."
                .formatted(those.get(0).labels()));
      }
      List<Training> heads =
          those.get(0).spec() instanceof HeadSpec.Lda
              ? new LdaFit(those.get(0), workers, rows, statistics).trainings()
              : new RidgeFit(those, workers, rows, statistics).trainings();
      for (int i = 0; i < heads.size(); i++) {
        trainings[group.get(i)] = heads.get(i);
      }
    }
    return Arrays.asList(trainings);
  }

  /** Plans that share rows, weights and options; of discriminants each alone. */
  private List<List<Integer>> groups() {
    Map<Object, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < plans.size(); i++) {
      TrainingPlan plan = plans.get(i);
      boolean shares =
          plan.spec() instanceof HeadSpec.Ridge
              && complete(i)
              && plan.options().classWeights() == ClassWeights.NONE;
      Object key =
          shares ? List.of(plan.spec(), plan.options(), plan.grid(), plan.output()) : (Object) i;
      groups.computeIfAbsent(key, none -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }

  private ExactRows rows(List<Integer> group) {
    int first = group.get(0);
    int[] columns = group.stream().flatMapToInt(this::columns).toArray();
    ExactRows rows = ExactRows.all(columns);
    rows = complete(first) ? rows : rows.labelled();
    if (plans.get(first).options().classWeights() == ClassWeights.NONE) {
      return rows;
    }
    return rows.weighted(balanced(columns));
  }

  private IntStream columns(int plan) {
    int from = plans.subList(0, plan).stream().mapToInt(p -> p.labels().size()).sum();
    return IntStream.range(from, from + plans.get(plan).labels().size());
  }

  private boolean complete(int plan) {
    return plans.get(plan).output() == Output.SIGMOID
        || columns(plan).mapToLong(all::present).sum() == all.rows();
  }

  private float[] balanced(int[] columns) {
    return LossWeights.balanced(Arrays.stream(columns).mapToDouble(all::weight).toArray());
  }
}
