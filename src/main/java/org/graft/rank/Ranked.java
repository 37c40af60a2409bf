package org.graft.rank;

/**
 * What a network, cut somewhere, was measured to be worth.
 *
 * @param width of its features
 * @param samples that it was measured on
 * @param accuracy share of the labels that a ridge head says which has not seen the sample
 * @param logMe of its features (You et al. 2021)
 * @param hScore of its features (Bao et al. 2019; Ibrahim et al. 2021)
 * @param perSecond samples that all tasks at once put through it here, by the time that they read,
 *     decoded and computed
 * @param seconds that all samples would take here
 */
public record Ranked(
    String backbone,
    String cut,
    int width,
    long samples,
    double accuracy,
    double logMe,
    double hScore,
    double perSecond,
    double seconds) {
  /** As `graft rank --backbones` takes it. */
  public String name() {
    return backbone + "@" + cut;
  }

  /** Of the accuracy, as of independent samples. */
  double standardError() {
    return Math.sqrt(accuracy * (1 - accuracy) / samples);
  }

  /**
   * Whether another one is at least as accurate and takes less time, or is better and no slower.
   */
  boolean isDominatedBy(Ranked other) {
    return other.accuracy >= accuracy
        && other.seconds <= seconds
        && (other.accuracy > accuracy || other.seconds < seconds);
  }
}
