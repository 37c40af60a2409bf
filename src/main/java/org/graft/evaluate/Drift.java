package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;

/**
 * How far samples are from those that a head was trained on. The first two together are the squared
 * Fréchet distance of two normal distributions (Dowson and Landau 1982), in units of the training
 * features' variance.
 *
 * @param samples that were compared
 * @param featureMean squared distance of the features' means
 * @param featureCovariance that of their covariances: {@code tr(A + B - 2 (A^½ B A^½)^½)}
 * @param noise what featureMean is, on average, without any drift: small sets differ by chance
 * @param labels share of the predictions that would have to be others for the labels to be as
 *     frequent as they were on the held-out samples (total variation); null without labels
 * @param confidence how far the probabilities of the first label moved, on average (the first
 *     Wasserstein distance of their histograms); null without labels
 */
public record Drift(
    long samples,
    double featureMean,
    double featureCovariance,
    double noise,
    Double labels,
    Double confidence) {

  /**
   * @throws UserError if they are not of the same features
   */
  public static Drift between(Profile training, Profile now) {
    if (training.width() != now.width()) {
      throw new UserError(
          "Cannot compare profiles: their features have %d and %d numbers. Compare samples of one network and cut."
              .formatted(training.width(), now.width()));
    }
    double[][] before = training.covariances();
    double scale = Math.max(trace(before), Double.MIN_NORMAL);
    boolean any = training.samples() > 0 && now.samples() > 0;
    boolean labelled = training.predictions() > 0 && now.predictions() > 0;
    return new Drift(
        now.samples(),
        any ? means(training.mean(), now.mean()) / scale : 0,
        any ? covariances(before, now.covariances()) / scale : 0,
        any ? 1.0 / training.samples() + 1.0 / now.samples() : 0,
        labelled ? labels(training, now) : null,
        labelled ? confidence(training, now) : null);
  }

  /** By name, for a summary. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("drift.featureMean", featureMean);
    metrics.put("drift.featureCovariance", featureCovariance);
    metrics.put("drift.noise", noise);
    if (labels != null) {
      metrics.put("drift.labels", labels);
      metrics.put("drift.confidence", confidence);
    }
    return metrics;
  }

  private static double means(List<Double> a, List<Double> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += (a.get(i) - b.get(i)) * (a.get(i) - b.get(i));
    }
    return sum;
  }

  private static double covariances(double[][] a, double[][] b) {
    double[][] root = new SymmetricEigen(a).root();
    double[][] inner = product(product(root, b), root);
    return Math.max(0, trace(a) + trace(b) - 2 * new SymmetricEigen(symmetric(inner)).rootTrace());
  }

  private static double trace(double[][] a) {
    double trace = 0;
    for (int i = 0; i < a.length; i++) {
      trace += a[i][i];
    }
    return trace;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < a.length; k++) {
        for (int j = 0; j < a.length; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private static double[][] symmetric(double[][] a) {
    double[][] symmetric = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        symmetric[i][j] = (a[i][j] + a[j][i]) / 2;
      }
    }
    return symmetric;
  }

  /** A label that only one of them knows is as frequent as nothing in the other. */
  private static double labels(Profile a, Profile b) {
    double sum = 0;
    for (Map.Entry<String, Long> label : a.given().entrySet()) {
      double other = b.given().getOrDefault(label.getKey(), 0L);
      sum += Math.abs((double) label.getValue() / a.predictions() - other / b.predictions());
    }
    for (Map.Entry<String, Long> label : b.given().entrySet()) {
      if (!a.given().containsKey(label.getKey())) {
        sum += (double) label.getValue() / b.predictions();
      }
    }
    return sum / 2;
  }

  private static double confidence(Profile a, Profile b) {
    double sum = 0;
    double ahead = 0;
    for (int bin = 0; bin < Profile.BINS; bin++) {
      ahead +=
          (double) a.confidence().get(bin) / a.predictions()
              - (double) b.confidence().get(bin) / b.predictions();
      sum += Math.abs(ahead);
    }
    return sum / Profile.BINS;
  }
}
