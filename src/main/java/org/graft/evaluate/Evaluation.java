package org.graft.evaluate;

import java.util.List;
import java.util.Map;
import org.graft.common.Json;
import org.graft.head.TrainedHead;

/**
 * The metrics of a head on the held-out samples, as they are written to JSON. Definitions are
 * scikit-learn's, with {@code zero_division=0}.
 */
public sealed interface Evaluation permits SingleLabelEvaluation, MultiLabelEvaluation {
  String NO_SAMPLES =
      "Cannot evaluate: the held-out split has no samples (got 0, at least 1 is needed)."
          + " Give more samples or a larger test share.";

  record Averages(double precision, double recall, double f1) {}

  /**
   * @param support held-out samples that have the label
   */
  record ClassScore(String label, long support, double precision, double recall, double f1) {}

  long samples();

  /** Samples whose label (or whose set of labels) is exactly right, as a share. */
  double accuracy();

  /** The plain mean over classes. */
  Averages macro();

  /** Over all decisions together. */
  Averages micro();

  /** The mean over classes, weighted by their support. */
  Averages weighted();

  /** In the order of the labels. */
  List<ClassScore> classes();

  /** The headline figures by name, in the order in which they are shown. */
  Map<String, Double> metrics();

  /**
   * The reverse of {@link Json#pretty}.
   *
   * @param what names the text in errors, for instance its path
   */
  static Evaluation read(byte[] json, TrainedHead.Output output, String what) {
    return switch (output) {
      case SOFTMAX -> Json.read(json, SingleLabelEvaluation.class, what);
      case SIGMOID -> Json.read(json, MultiLabelEvaluation.class, what);
    };
  }
}
