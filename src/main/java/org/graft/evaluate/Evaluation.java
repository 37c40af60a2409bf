package org.graft.evaluate;

import java.util.Map;
import org.graft.common.Json;
import org.graft.head.TrainedHead;

/**
 * The metrics of a head on the held-out samples, as they are written to JSON. Definitions are
 * scikit-learn's, with {@code zero_division=0}.
 */
public sealed interface Evaluation permits LabelEvaluation, RegressionEvaluation {
  String NO_SAMPLES =
      "Cannot evaluate: the held-out split has no samples (got 0, at least 1 is needed)."
          + " Give more samples or a larger test share.";

  record Averages(double precision, double recall, double f1) {}

  /**
   * @param support held-out samples that have the label
   */
  record ClassScore(String label, long support, double precision, double recall, double f1) {}

  long samples();

  /**
   * The headline figures by name, in the order in which they are shown. The first is what heads are
   * compared by, and 1 at best: accuracy, or R2.
   */
  Map<String, Double> metrics();

  /** The first of the metrics. */
  default double headline() {
    return metrics().values().iterator().next();
  }

  /**
   * The reverse of {@link Json#pretty}.
   *
   * @param what names the text in errors, for instance its path
   */
  static Evaluation read(byte[] json, TrainedHead.Output output, String what) {
    return switch (output) {
      case SOFTMAX -> Json.read(json, SingleLabelEvaluation.class, what);
      case SIGMOID -> Json.read(json, MultiLabelEvaluation.class, what);
      case ORDINAL -> Json.read(json, OrdinalEvaluation.class, what);
      case VALUE -> Json.read(json, RegressionEvaluation.class, what);
    };
  }
}
