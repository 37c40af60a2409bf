package org.graft.spark;

import java.util.Locale;
import org.graft.common.ExitCode;
import org.graft.common.UserError;

/**
 * What a network in fewer bits loses against float32, on samples of the user's own.
 *
 * @param precision of the network that was compared
 * @param calibrationSamples that its ranges were measured on; 0 for texts, which need none
 * @param calibrationSha256 digest of those ranges
 * @param meanCosine of a sample's two feature vectors
 * @param leastCosine of all samples
 * @param trainSamples that the two heads were trained on
 * @param testSamples that they were measured on
 * @param fp32Accuracy of the head on float32 features; R2 where labels are numbers
 * @param accuracy of the head on the others
 * @param tolerance the most that may be lost
 */
public record PrecisionReport(
    String precision,
    int calibrationSamples,
    String calibrationSha256,
    double meanCosine,
    double leastCosine,
    long trainSamples,
    long testSamples,
    double fp32Accuracy,
    double accuracy,
    double tolerance) {

  /** Below zero where accuracy was lost. */
  public double change() {
    return accuracy - fp32Accuracy;
  }

  /**
   * @throws UserError if more was lost than may be
   */
  public void check() {
    if (-change() > tolerance) {
      throw new UserError(
          ExitCode.GATE_MISSED,
          String.format(
              Locale.ROOT,
              "Cannot use precision %s: a probe head loses %.2f points of accuracy (%.4f, with fp32 %.4f, on %d samples; tolerance %.2f points). Set precision: fp32, %sor accept the loss by precision.tolerance.",
              precision,
              -100 * change(),
              accuracy,
              fp32Accuracy,
              testSamples,
              100 * tolerance,
              calibrationSamples == 0
                  ? ""
                  : "raise precision.calibration (now %d samples), "
                      .formatted(calibrationSamples)));
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: cosine to fp32 %.5f (least %.5f), probe accuracy %.4f (fp32 %.4f, change %+.2f points) on %d samples",
        precision,
        meanCosine,
        leastCosine,
        accuracy,
        fp32Accuracy,
        100 * change(),
        testSamples);
  }
}
