package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics where each sample has a number, as scikit-learn has them.
 *
 * @param r2 the share of the numbers' variance that is explained, below 0 where their mean would
 *     have been better; of numbers that are all the same 1 if they are met exactly, else 0
 * @param meanAbsoluteError in the numbers' own unit, as the other two
 * @param medianAbsoluteError to within 1 part in 100,000
 */
public record RegressionEvaluation(
    long samples,
    double r2,
    double meanAbsoluteError,
    double rootMeanSquaredError,
    double medianAbsoluteError)
    implements Evaluation {

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("r2", r2);
    metrics.put("meanAbsoluteError", meanAbsoluteError);
    metrics.put("rootMeanSquaredError", rootMeanSquaredError);
    metrics.put("medianAbsoluteError", medianAbsoluteError);
    return metrics;
  }
}
