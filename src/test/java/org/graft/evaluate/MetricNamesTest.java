package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.graft.evaluate.SingleLabelEvaluation.Level;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is announced is what an evaluation has. */
class MetricNamesTest {
  private static Labels labels(Output output, int classes) {
    return output == Output.VALUE
        ? Labels.VALUE
        : Labels.inOrder(IntStream.range(0, classes).mapToObj(i -> "c" + i).toList());
  }

  private static Evaluation evaluation(Output output, int classes, int topK) {
    EvaluationState state = EvaluationState.of(output, classes, Math.min(topK, classes));
    float[] one = new float[classes];
    one[0] = 1;
    state.add(one, one);
    state.add(one, one);
    return state.evaluation(labels(output, classes));
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTMAX, 7, 5",
    "SOFTMAX, 3, 5",
    "SOFTMAX, 2, 1",
    "SIGMOID, 3, 5",
    "ORDINAL, 4, 2",
    "ORDINAL, 4, 1",
    "VALUE, 1, 5"
  })
  void namesAreThoseOfTheMetrics(Output output, int classes, int topK) {
    Map<String, Double> metrics = evaluation(output, classes, topK).metrics();
    MetricNames known = new MetricNames(output, topK, classes, false);
    assertEquals(new TreeSet<>(metrics.keySet()), new TreeSet<>(known.names()));
    MetricNames unknown = new MetricNames(output, topK, 0, false);
    for (String name : metrics.keySet()) {
      assertTrue(known.contains(name), name);
      assertTrue(unknown.contains(name), name);
    }
    for (String wrong : List.of("acuracy", "top1Accuracy", "top6Accuracy", "level1Accuracy", "")) {
      assertFalse(known.contains(wrong), wrong);
      assertFalse(unknown.contains(wrong), wrong);
    }
  }

  @Test
  void levelsHaveNamesWhereLabelsArePaths() {
    SingleLabelEvaluation plain = (SingleLabelEvaluation) evaluation(Output.SOFTMAX, 3, 1);
    Evaluation levels = plain.with(List.of(new Level(1, 2, 1, 1), new Level(2, 3, 1, 1)));
    MetricNames names = new MetricNames(Output.SOFTMAX, 1, 3, true);
    for (String name : levels.metrics().keySet()) {
      assertTrue(names.contains(name), name);
    }
    assertFalse(names.contains("level0Accuracy"));
  }
}
