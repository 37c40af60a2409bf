package org.graft.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.head.TrainedHead.Output;

/**
 * What {@link Evaluation#metrics} of a head will be called, known before there is a head.
 *
 * @param topK most labels among which a sample's own is looked for
 * @param classes how many there are; 0: that is not known yet
 * @param levels whether labels are paths
 */
public record MetricNames(Output output, int topK, int classes, boolean levels) {
  private static final Pattern TOP = Pattern.compile("top([1-9][0-9]{0,5})Accuracy");
  private static final Pattern LEVEL = Pattern.compile("level[1-9][0-9]{0,2}Accuracy");

  /** Whether a head may have it. */
  public boolean contains(String name) {
    Matcher top = TOP.matcher(name);
    if (top.matches()) {
      int k = Integer.parseInt(top.group(1));
      return hasTop() && k > 1 && (classes == 0 ? k <= topK : k == most());
    }
    return fixed().contains(name) || (levels && LEVEL.matcher(name).matches());
  }

  /** For people: those with a number in them once. */
  public List<String> names() {
    List<String> names = new ArrayList<>(fixed());
    if (hasTop() && most() > 1) {
      names.add("top" + most() + "Accuracy");
    }
    if (levels) {
      names.add("level1Accuracy");
    }
    return names;
  }

  private int most() {
    return classes == 0 ? topK : Math.min(topK, classes);
  }

  private boolean hasTop() {
    return output == Output.SOFTMAX || output == Output.ORDINAL;
  }

  private List<String> fixed() {
    return switch (output) {
      case SOFTMAX -> List.of("accuracy", "macroF1", "logLoss", "calibrationError");
      case SIGMOID -> List.of("accuracy", "microF1", "macroF1", "samplesF1", "hammingLoss");
      case ORDINAL ->
          List.of(
              "accuracy",
              "macroF1",
              "logLoss",
              "calibrationError",
              "meanAbsoluteError",
              "quadraticKappa");
      case VALUE ->
          List.of("r2", "meanAbsoluteError", "rootMeanSquaredError", "medianAbsoluteError");
    };
  }
}
