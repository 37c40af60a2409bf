package org.graft.score;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.graft.common.Checks;
import org.graft.evaluate.MultiLabelState;
import org.graft.evaluate.Ranking;
import org.graft.feature.FeatureVector;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.graft.sample.Outcome;
import org.graft.sample.Sample;
import org.graft.score.Prediction.Ranked;

/** Turns features into predictions, with the very arithmetic of the evaluation. Thread-safe. */
public final class Scorer {
  private final TrainedHead head;
  private final int topK;

  /** From samples to features: one outcome a sample, in their order. */
  @FunctionalInterface
  public interface Extraction {
    Iterator<Outcome<FeatureVector>> extract(Iterator<Sample> samples);
  }

  /**
   * @param topK how many labels a prediction ranks; all, if there are fewer
   */
  public Scorer(TrainedHead head, int topK) {
    Checks.argument(topK > 0, "topK must be positive: %d", topK);
    this.head = head;
    this.topK = topK;
  }

  /**
   * @param features {@code [width]}
   */
  public Prediction predict(String key, String path, float[] features) {
    float[] p = head.probabilities(features);
    if (head.output() == Output.VALUE) {
      return new Prediction.Value(key, path, p[0]);
    }
    Labels labels = head.labels();
    int first = Ranking.first(p);
    List<Ranked> top =
        Ranking.top(p, topK).stream().map(i -> new Ranked(labels.name(i), p[i])).toList();
    return new Prediction.Classes(key, path, given(p, first), labels.name(first), p[first], top);
  }

  private List<String> given(float[] probabilities, int first) {
    Labels labels = head.labels();
    return switch (head.output()) {
      case VALUE -> throw new IllegalStateException("a number is no label");
      case SOFTMAX, ORDINAL -> List.of(labels.name(first));
      case SIGMOID ->
          IntStream.range(0, probabilities.length)
              .filter(i -> MultiLabelState.isGiven(probabilities[i]))
              .mapToObj(labels::name)
              .toList();
    };
  }

  /** Scores samples as they are asked for; what extraction rejects stays rejected. */
  public Iterator<Outcome<Prediction>> score(Iterator<Sample> samples, Extraction extraction) {
    Iterator<Outcome<FeatureVector>> features = extraction.extract(samples);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return features.hasNext();
      }

      @Override
      public Outcome<Prediction> next() {
        return predict(features.next());
      }
    };
  }

  private Outcome<Prediction> predict(Outcome<FeatureVector> outcome) {
    if (outcome instanceof Outcome.Ok<FeatureVector> ok) {
      FeatureVector vector = ok.value();
      return new Outcome.Ok<>(predict(vector.key(), vector.path(), vector.values()));
    }
    return new Outcome.Rejected<>(((Outcome.Rejected<FeatureVector>) outcome).rejection());
  }
}
