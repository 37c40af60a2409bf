package org.graft.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.graft.feature.FeatureVector;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;
import org.graft.score.Prediction.Ranked;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final Labels LABELS = Labels.inOrder(List.of("cat", "dog", "eel"));

  private static TrainedHead head(Output output) {
    float[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    return new TrainedHead(List.of(new Dense(3, 3, identity, new float[3])), output, LABELS);
  }

  @Test
  void softmaxGivesOneLabelAndTheRanking() {
    TrainedHead head = head(Output.SOFTMAX);
    float[] features = {0, 2, 1};
    float[] p = head.probabilities(features);
    assertEquals(
        new Prediction(
            "k",
            "a.jpg",
            List.of("dog"),
            "dog",
            p[1],
            List.of(new Ranked("dog", p[1]), new Ranked("eel", p[2]))),
        new Scorer(head, 2).predict("k", "a.jpg", features));
  }

  @Test
  void sigmoidGivesEveryLabelFromOneHalfOn() {
    Scorer scorer = new Scorer(head(Output.SIGMOID), 9);
    assertEquals(
        List.of("cat", "eel"), scorer.predict("k", "p", new float[] {0, -0.1f, 3}).labels());
    Prediction none = scorer.predict("k", "p", new float[] {-2, -1, -3});
    assertEquals(List.of(), none.labels());
    assertEquals("dog", none.label());
    assertEquals(3, none.top().size());
  }

  private static Sample sample(int i) {
    return new Sample("key" + i % 3, "path" + i, new byte[] {(byte) i});
  }

  private static Outcome<FeatureVector> outcome(Sample sample) {
    return sample.content()[0] % 4 == 1
        ? new Outcome.Rejected<>(
            new Rejection(sample.key(), sample.path(), Reason.CORRUPT, "by intent"))
        : new Outcome.Ok<>(
            new FeatureVector(sample.key(), new float[] {sample.content()[0], 0, 3}));
  }

  /** Reads {@code ahead} samples before it gives the first outcome, as a batching one does. */
  private static Scorer.Extraction ahead(int ahead) {
    return samples -> {
      List<Outcome<FeatureVector>> ready = new ArrayList<>();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          while (ready.isEmpty() && samples.hasNext()) {
            for (int i = 0; i < ahead && samples.hasNext(); i++) {
              ready.add(outcome(samples.next()));
            }
          }
          return !ready.isEmpty();
        }

        @Override
        public Outcome<FeatureVector> next() {
          return ready.remove(0);
        }
      };
    };
  }

  @Test
  void pathsFollowTheirSamplesEvenWhereKeysRepeat() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      samples.add(sample(i));
    }
    Scorer scorer = new Scorer(head(Output.SOFTMAX), 1);
    for (int ahead : new int[] {1, 4, 100}) {
      List<String> seen = new ArrayList<>();
      scorer
          .score(samples.iterator(), ahead(ahead))
          .forEachRemaining(
              outcome -> {
                if (outcome instanceof Outcome.Ok<Prediction> ok) {
                  seen.add(ok.value().path() + " " + ok.value().label());
                } else {
                  Rejection rejection = ((Outcome.Rejected<Prediction>) outcome).rejection();
                  seen.add(rejection.path() + " " + rejection.reason());
                }
              });
      assertEquals(
          List.of(
              "path0 eel",
              "path1 CORRUPT",
              "path2 eel",
              "path3 cat",
              "path4 cat",
              "path5 CORRUPT",
              "path6 cat",
              "path7 cat",
              "path8 cat",
              "path9 CORRUPT",
              "path10 cat"),
          seen);
    }
  }

  @Test
  void anExtractionThatDropsASampleIsCaught() {
    Scorer scorer = new Scorer(head(Output.SOFTMAX), 1);
    Iterator<Outcome<Prediction>> scored =
        scorer.score(
            List.of(sample(0), sample(2)).iterator(),
            samples -> {
              samples.next();
              return List.of(outcome(samples.next())).iterator();
            });
    assertThrows(IllegalStateException.class, scored::next);
  }
}
