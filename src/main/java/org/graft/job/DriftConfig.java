package org.graft.job;

import java.util.LinkedHashMap;
import java.util.Map;
import org.graft.common.Problems;
import org.graft.evaluate.Drift;

/**
 * What is said of samples that have moved away from those of a training.
 *
 * @param warn how far each distance of {@link Drift} may exceed what chance gives, without a
 *     warning
 */
public record DriftConfig(Warn warn) {
  /** A bound for each distance; 0 to warn of all that chance does not explain. */
  public record Warn(
      double featureMean,
      double featureCovariance,
      double labels,
      double predictions,
      double confidence)
      implements Checked {
    static final Warn DEFAULTS = new Warn(0.1, 0.1, 0.1, 0.1, 0.1);

    @Override
    public void check(Problems problems, String path) {
      bounds()
          .forEach(
              (name, bound) ->
                  problems.check(
                      bound >= 0, "'%s%s' is %s: it must not be negative", path, name, bound));
    }

    Map<String, Double> bounds() {
      Map<String, Double> bounds = new LinkedHashMap<>();
      bounds.put(Drift.FEATURE_MEAN, featureMean);
      bounds.put(Drift.FEATURE_COVARIANCE, featureCovariance);
      bounds.put(Drift.LABELS, labels);
      bounds.put(Drift.PREDICTIONS, predictions);
      bounds.put(Drift.CONFIDENCE, confidence);
      return bounds;
    }
  }
}
