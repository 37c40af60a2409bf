package org.graft.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics where each sample has any number of labels, given from probability 0.5 on.
 *
 * @param accuracy the share of samples whose labels are all right ("subset accuracy")
 * @param hammingLoss the share of decisions that are wrong
 * @param samplesF1 the mean of each sample's own F1; 0 for a sample without labels that got none
 * @param macro over all labels
 */
public record MultiLabelEvaluation(
    long samples,
    double accuracy,
    double hammingLoss,
    double samplesF1,
    Averages macro,
    Averages micro,
    Averages weighted,
    List<ClassScore> classes)
    implements LabelEvaluation {

  public MultiLabelEvaluation {
    classes = List.copyOf(classes);
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("accuracy", accuracy);
    metrics.put("microF1", micro.f1());
    metrics.put("macroF1", macro.f1());
    metrics.put("samplesF1", samplesF1);
    metrics.put("hammingLoss", hammingLoss);
    return metrics;
  }
}
