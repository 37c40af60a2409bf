package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics where each sample has one label, and labels have an order.
 *
 * @param oneLabel what does not depend on the order
 * @param meanAbsoluteError mean difference of ranks between the most probable label and the
 *     sample's
 * @param quadraticKappa Cohen's kappa with squared differences of ranks as weights (Cohen 1968):
 *     scikit-learn's {@code cohen_kappa_score(weights="quadratic")}; 1 where all samples have and
 *     got one label
 */
public record OrdinalEvaluation(
    SingleLabelEvaluation oneLabel, double meanAbsoluteError, double quadraticKappa)
    implements LabelEvaluation {

  static OrdinalEvaluation of(SingleLabelEvaluation oneLabel) {
    LabelCounts counts = LabelCounts.of(oneLabel.confusion(), oneLabel.classes().size());
    double apart = 0;
    double squares = 0;
    for (SingleLabelEvaluation.Cell cell : oneLabel.confusion()) {
      double ranks = Math.abs(cell.actual() - cell.predicted());
      apart += ranks * cell.count();
      squares += ranks * ranks * cell.count();
    }
    double byChance = byChance(counts, (double) oneLabel.samples());
    return new OrdinalEvaluation(
        oneLabel, apart / oneLabel.samples(), byChance == 0 ? 1 : 1 - squares / byChance);
  }

  /** Squared differences of ranks, summed up as if labels were given whatever the sample's is. */
  private static double byChance(LabelCounts counts, double samples) {
    double sum = 0;
    for (int i = 0; i < counts.support().length; i++) {
      for (int j = 0; j < counts.predicted().length; j++) {
        double ranks = i - j;
        sum += ranks * ranks * counts.support()[i] * counts.predicted()[j] / samples;
      }
    }
    return sum;
  }

  @Override
  public long samples() {
    return oneLabel.samples();
  }

  @Override
  public double accuracy() {
    return oneLabel.accuracy();
  }

  @Override
  public Averages macro() {
    return oneLabel.macro();
  }

  @Override
  public Averages micro() {
    return oneLabel.micro();
  }

  @Override
  public Averages weighted() {
    return oneLabel.weighted();
  }

  @Override
  public List<ClassScore> classes() {
    return oneLabel.classes();
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>(oneLabel.metrics());
    metrics.put("meanAbsoluteError", meanAbsoluteError);
    metrics.put("quadraticKappa", quadraticKappa);
    return metrics;
  }
}
