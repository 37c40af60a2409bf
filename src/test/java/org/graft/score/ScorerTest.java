package org.graft.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
        new Prediction.Classes(
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
        List.of("cat", "eel"),
        classes(scorer.predict("k", "p", new float[] {0, -0.1f, 3})).labels());
    Prediction.Classes none = classes(scorer.predict("k", "p", new float[] {-2, -1, -3}));
    assertEquals(List.of(), none.labels());
    assertEquals("dog", none.label());
    assertEquals(3, none.top().size());
  }

  @Test
  void anOrdinalHeadGivesTheMostProbableLabelAndAValueHeadItsNumber() {
    Dense rising = new Dense(1, 2, new float[] {-1, -1}, new float[] {-1, 1});
    Scorer ordinal = new Scorer(new TrainedHead(List.of(rising), Output.ORDINAL, LABELS), 1);
    assertEquals(List.of("cat"), classes(ordinal.predict("k", "p", new float[] {-3})).labels());
    assertEquals(List.of("dog"), classes(ordinal.predict("k", "p", new float[] {0.1f})).labels());
    assertEquals(List.of("eel"), classes(ordinal.predict("k", "p", new float[] {3})).labels());
    Dense twice = new Dense(1, 1, new float[] {2}, new float[] {0.5f});
    Scorer value = new Scorer(new TrainedHead(List.of(twice), Output.VALUE, Labels.VALUE), 5);
    assertEquals(new Prediction.Value("k", "p", 6.5f), value.predict("k", "p", new float[] {3}));
  }

  @Test
  void everySampleKeepsItsPathAndRejectionsStayRejected() {
    Scorer scorer = new Scorer(head(Output.SOFTMAX), 1);
    Rejection corrupt = new Rejection("k1", "path1", Reason.CORRUPT, "by intent");
    List<Outcome<FeatureVector>> extracted =
        List.of(
            new Outcome.Ok<>(new FeatureVector("k0", "path0", new float[] {0, 0, 3})),
            new Outcome.Rejected<>(corrupt),
            new Outcome.Ok<>(new FeatureVector("k0", "path2", new float[] {4, 0, 3})));
    Iterator<Outcome<Prediction>> scored =
        scorer.score(List.<Sample>of().iterator(), samples -> extracted.iterator());
    assertEquals("path0 eel", told(scored.next()));
    assertEquals(new Outcome.Rejected<Prediction>(corrupt), scored.next());
    assertEquals("path2 cat", told(scored.next()));
    assertFalse(scored.hasNext());
  }

  private static String told(Outcome<Prediction> outcome) {
    Prediction prediction = ((Outcome.Ok<Prediction>) outcome).value();
    return prediction.path() + " " + classes(prediction).label();
  }

  private static Prediction.Classes classes(Prediction prediction) {
    return (Prediction.Classes) prediction;
  }
}
