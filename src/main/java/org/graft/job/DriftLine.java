package org.graft.job;

import java.util.Locale;
import org.graft.evaluate.Drift;

/** How far samples are from those of a training, in a line. */
final class DriftLine {
  private DriftLine() {}

  /**
   * @param from names the model
   */
  static String of(String from, Drift drift) {
    String labels =
        drift.labels() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", labels %.4f, confidence %.4f",
                drift.labels(),
                drift.confidence());
    return String.format(
        Locale.ROOT,
        "%-10s from the training of %s: features' mean %.4f (by chance %.4f), covariance %.4f%s",
        "drift",
        from,
        drift.featureMean(),
        drift.noise(),
        drift.featureCovariance(),
        labels);
  }
}
