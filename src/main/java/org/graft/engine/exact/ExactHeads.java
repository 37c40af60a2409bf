package org.graft.engine.exact;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.graft.common.UserError;
import org.graft.head.HeadSpec;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Candidate;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;

/** Heads from statistics alone: no sample is read. */
public final class ExactHeads {
  /** Among the scores of a ridge head. */
  static final String TEMPERATURE = "temperature";

  private ExactHeads() {}

  /**
   * A ridge head.
   *
   * @param statistics of the samples, with a target for each label
   * @param l2 as {@code train.l2}; scikit-learn's alpha is l2 times the number of samples
   * @param temperature of the probabilities: that of a training with about the same samples
   */
  public static TrainedHead ridge(
      ExactStatistics statistics,
      Labels labels,
      Output output,
      boolean standardize,
      double l2,
      double temperature) {
    check(statistics, labels);
    Linear head = RidgePath.of(statistics, standardize).head(l2);
    return head(calibrated(head, 1 / temperature, output == Output.SIGMOID), output, labels);
  }

  /**
   * A head of linear discriminant analysis, of one label a sample.
   *
   * @param shrinkage 0 to 1
   */
  public static TrainedHead lda(
      ExactStatistics statistics, Labels labels, boolean standardize, double shrinkage) {
    check(statistics, labels);
    return head(Discriminant.of(statistics, standardize).head(shrinkage), Output.SOFTMAX, labels);
  }

  /**
   * What a training chose, with other samples.
   *
   * @param history of the training
   * @param plan that it went by; its labels may be others
   */
  public static TrainedHead updated(
      TrainingHistory history, TrainingPlan plan, ExactStatistics statistics) {
    Candidate chosen = chosen(history);
    boolean standardize = plan.options().standardize();
    if (plan.spec() instanceof HeadSpec.Lda) {
      double shrinkage = Double.parseDouble(chosen.settings().get("head.shrinkage"));
      return lda(statistics, plan.labels(), standardize, shrinkage);
    }
    return ridge(
        statistics,
        plan.labels(),
        plan.output(),
        standardize,
        Double.parseDouble(chosen.settings().get("train.l2")),
        chosen.scores().get(TEMPERATURE));
  }

  /** Whether what a training chose is what a training by {@code plan} may choose, too. */
  public static boolean isChoiceOf(TrainingPlan plan, TrainingHistory history) {
    Candidate chosen = chosen(history);
    boolean lda = plan.spec() instanceof HeadSpec.Lda;
    String setting = chosen.settings().get(lda ? "head.shrinkage" : "train.l2");
    List<Double> given = plan.spec() instanceof HeadSpec.Lda it ? it.shrinkage() : plan.grid().l2();
    return setting != null
        && (lda || chosen.scores().containsKey(TEMPERATURE))
        && (given.isEmpty() || given.contains(Double.valueOf(setting)));
  }

  private static Candidate chosen(TrainingHistory history) {
    return history.candidates().stream()
        .filter(Candidate::chosen)
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot update the head: it was not solved (no candidates in its history). Train it with head: ridge or lda."));
  }

  /** The same, with what a later update goes on from; nothing was measured on the way. */
  public static Training update(
      TrainingHistory history, TrainingPlan plan, ExactStatistics statistics) {
    TrainedHead head = updated(history, plan, statistics);
    Candidate chosen = chosen(history);
    Map<String, Double> kept = new TreeMap<>(chosen.scores());
    kept.keySet().retainAll(Set.of(TEMPERATURE));
    Candidate now = new Candidate(chosen.settings(), kept, true);
    return new Training(
        head,
        new TrainingHistory(List.of(), 0, List.of(), List.of(now)),
        List.of(part(statistics, 0, statistics.targets())));
  }

  private static void check(ExactStatistics statistics, Labels labels) {
    if (statistics.targets() != labels.size()) {
      throw new UserError(
          "Cannot make a head: the statistics have %d targets for %d labels. Select the targets that the labels name."
              .formatted(statistics.targets(), labels.size()));
    }
    if (statistics.rows() <= 0 || statistics.weight() <= 0) {
      throw new UserError(
          "Cannot make a head: the statistics are of no samples (got %d). Add some."
              .formatted(statistics.rows()));
    }
  }

  /** Targets of 0 and 1 as logits: sigmoids turn at the middle. */
  static Linear calibrated(Linear head, double scale, boolean sigmoid) {
    double[] weights = head.weights.clone();
    double[] bias = head.bias.clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= scale;
    }
    for (int c = 0; c < bias.length; c++) {
      bias[c] = scale * (bias[c] - (sigmoid ? 0.5 : 0));
    }
    return new Linear(head.width, weights, bias);
  }

  static TrainedHead head(Linear linear, Output output, Labels labels) {
    float[] weights = new float[linear.weights.length];
    float[] bias = new float[linear.outputs];
    for (int c = 0; c < linear.outputs; c++) {
      for (int i = 0; i < linear.width; i++) {
        weights[c * linear.width + i] = (float) linear.weights[i * linear.outputs + c];
      }
      bias[c] = (float) linear.bias[c];
    }
    return new TrainedHead(
        List.of(new Dense(linear.width, linear.outputs, weights, bias)), output, labels);
  }

  /** The statistics of a head's own targets, to be kept beside it. */
  static Training.Part part(ExactStatistics statistics, int from, int to) {
    return new Training.Part(
        StatisticsFile.NAME,
        out -> StatisticsFile.write(statistics.select(IntStream.range(from, to).toArray()), out));
  }
}
