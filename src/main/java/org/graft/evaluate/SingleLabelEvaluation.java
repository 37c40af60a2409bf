package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics where each sample has one label.
 *
 * @param topK by k: the share of samples whose label is among the k most probable
 * @param logLoss mean of {@code -ln p(label)}, p clipped to float32's epsilon
 * @param calibrationError expected calibration error over 15 bins of equal width
 * @param macro over the classes that some sample has or got
 * @param confusion cells that are not zero, by actual, then predicted class
 * @param calibration bins that hold a sample, lowest first
 * @param levels where labels are paths, the depths above them, top first: see {@link Hierarchy};
 *     else null
 */
public record SingleLabelEvaluation(
    long samples,
    double accuracy,
    Map<Integer, Double> topK,
    double logLoss,
    double calibrationError,
    Averages macro,
    Averages micro,
    Averages weighted,
    List<ClassScore> classes,
    List<Cell> confusion,
    List<CalibrationBin> calibration,
    List<Level> levels)
    implements LabelEvaluation {

  /** {@code count} samples of class {@code actual} got class {@code predicted}, by number. */
  public record Cell(int actual, int predicted, long count) {}

  /**
   * Samples whose predicted class has a probability up to {@code upTo}.
   *
   * @param confidence their mean probability of the predicted class
   */
  public record CalibrationBin(double upTo, long samples, double accuracy, double confidence) {}

  public SingleLabelEvaluation {
    topK = Map.copyOf(topK);
    classes = List.copyOf(classes);
    confusion = List.copyOf(confusion);
    calibration = List.copyOf(calibration);
    levels = levels == null ? null : List.copyOf(levels);
  }

  /**
   * Of labels cut after some of their parts.
   *
   * @param depth parts that are left, from 1
   * @param classes there
   */
  public record Level(int depth, int classes, double accuracy, double macroF1) {}

  /** The same with levels. */
  public SingleLabelEvaluation with(List<Level> newLevels) {
    return new SingleLabelEvaluation(
        samples,
        accuracy,
        topK,
        logLoss,
        calibrationError,
        macro,
        micro,
        weighted,
        classes,
        confusion,
        calibration,
        newLevels);
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", accuracy);
    int k = topK.keySet().stream().mapToInt(Integer::intValue).max().orElse(1);
    if (k > 1) {
      metrics.put("top" + k + "Accuracy", topK.get(k));
    }
    metrics.put("macroF1", macro.f1());
    metrics.put("logLoss", logLoss);
    metrics.put("calibrationError", calibrationError);
    for (Level level : levels == null ? List.<Level>of() : levels) {
      metrics.put("level" + level.depth() + "Accuracy", level.accuracy());
    }
    return metrics;
  }
}
