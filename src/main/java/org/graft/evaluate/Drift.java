package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.graft.common.UserError;

/**
 * How far samples are from those that a head was trained on.
 *
 * @param samples whose features were compared
 * @param distances by name, see the constants; those that either side knows nothing for are missing
 */
public record Drift(long samples, Map<String, Distance> distances) {
  /**
   * Squared distance of the features' means, in units of the training features' variance; with
   * {@link #FEATURE_COVARIANCE} it is the squared Fréchet distance of two normal distributions
   * (Dowson and Landau 1982).
   */
  public static final String FEATURE_MEAN = "featureMean";

  /** {@code tr(A + B - 2 (A^½ B A^½)^½)} of the features' covariances, in the same units. */
  public static final String FEATURE_COVARIANCE = "featureCovariance";

  /** Total variation of the shares of the labels that the training samples have. */
  public static final String LABELS = "labels";

  /** Total variation of the shares of the labels that the head gives. */
  public static final String PREDICTIONS = "predictions";

  /** Kolmogorov and Smirnov's distance of the probabilities that the head gives those labels. */
  public static final String CONFIDENCE = "confidence";

  /** The mean of the Kolmogorov distribution. */
  private static final double KOLMOGOROV = Math.sqrt(Math.PI / 2) * Math.log(2);

  /**
   * @param chance what it is, on average, between two sets of this size of samples of one kind, as
   *     small sets differ; of the confidence a little more, since it is in bins
   */
  public record Distance(double value, double chance) {}

  /**
   * @throws UserError if they are not of the same features
   */
  public static Drift between(Profile training, Profile now) {
    if (training.width() != now.width()) {
      throw new UserError(
          "Cannot compare profiles: their features have %d and %d numbers. Compare samples of one network and cut."
              .formatted(training.width(), now.width()));
    }
    Map<String, Distance> distances = new LinkedHashMap<>();
    if (training.samples() > 0 && now.samples() > 0) {
      Frechet frechet = new Frechet(training, now);
      distances.put(FEATURE_MEAN, frechet.means());
      distances.put(FEATURE_COVARIANCE, frechet.covariances());
    }
    if (Profile.total(training.labels()) > 0 && Profile.total(now.labels()) > 0) {
      distances.put(LABELS, totalVariation(training.labels(), now.labels()));
    }
    if (Profile.total(training.predictions()) > 0 && Profile.total(now.predictions()) > 0) {
      distances.put(PREDICTIONS, totalVariation(training.predictions(), now.predictions()));
      distances.put(CONFIDENCE, kolmogorov(training.confidence(), now.confidence()));
    }
    return new Drift(now.samples(), distances);
  }

  /** A label that only one of them knows is as frequent as nothing in the other. */
  private static Distance totalVariation(Map<String, Long> a, Map<String, Long> b) {
    double n = Profile.total(a);
    double m = Profile.total(b);
    double value = 0;
    double chance = 0;
    TreeSet<String> labels = new TreeSet<>(a.keySet());
    labels.addAll(b.keySet());
    for (String label : labels) {
      double inA = a.getOrDefault(label, 0L);
      double inB = b.getOrDefault(label, 0L);
      double share = (inA + inB) / (n + m);
      value += Math.abs(inA / n - inB / m);
      chance += Math.sqrt(2 / Math.PI * share * (1 - share) * (1 / n + 1 / m));
    }
    return new Distance(value / 2, chance / 2);
  }

  private static Distance kolmogorov(List<Long> a, List<Long> b) {
    double n = a.stream().mapToLong(Long::longValue).sum();
    double m = b.stream().mapToLong(Long::longValue).sum();
    double ahead = 0;
    double most = 0;
    for (int bin = 0; bin < Profile.BINS; bin++) {
      ahead += a.get(bin) / n - b.get(bin) / m;
      most = Math.max(most, Math.abs(ahead));
    }
    return new Distance(most, KOLMOGOROV * Math.sqrt(1 / n + 1 / m));
  }

  /** By name, for a summary. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    distances.forEach(
        (name, distance) -> {
          metrics.put("drift." + name, distance.value());
          metrics.put("drift." + name + ".byChance", distance.chance());
        });
    return metrics;
  }

  /**
   * @param bounds by the distances' names
   * @return the distances that exceed what chance gives by more than their bound
   */
  public Map<String, Distance> beyond(Map<String, Double> bounds) {
    Map<String, Distance> beyond = new LinkedHashMap<>(distances);
    beyond
        .entrySet()
        .removeIf(
            it -> {
              double bound = bounds.getOrDefault(it.getKey(), Double.POSITIVE_INFINITY);
              return it.getValue().value() - it.getValue().chance() <= bound;
            });
    return beyond;
  }
}
