package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvaluationStateTest {
  private static final int CLASSES = 7;
  private static final Labels LABELS =
      Labels.inOrder(
          List.of("a", "b", "c", "d", "e", "f", "long label that no table has room for"));

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scored(float[] probabilities, float[] targets) {}

  private static List<Scored> scored(Output output, int samples, int classes) {
    Random random = new Random(42);
    List<Scored> scored = new ArrayList<>();
    if (output == Output.VALUE) {
      for (int n = 0; n < samples; n++) { // of very different sizes, which no double adds up right
        float number = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
        float given = (float) (number + random.nextGaussian());
        scored.add(new Scored(new float[] {given}, new float[] {number}));
      }
      return scored;
    }
    for (int n = 0; n < samples; n++) {
      float[] p = new float[classes];
      float[] targets = new float[classes];
      float sum = 0;
      for (int i = 0; i < classes; i++) {
        p[i] = random.nextFloat();
        sum += p[i];
        targets[i] = output == Output.SIGMOID && random.nextInt(3) == 0 ? 1 : 0;
      }
      if (output == Output.SOFTMAX || output == Output.ORDINAL) {
        targets[random.nextInt(classes)] = 1;
        for (int i = 0; i < classes; i++) {
          p[i] /= sum;
        }
      }
      scored.add(new Scored(p, targets));
    }
    return scored;
  }

  private static EvaluationState state(Output output, List<Scored> samples) {
    EvaluationState state = EvaluationState.of(output, CLASSES, 3);
    samples.forEach(s -> state.add(s.probabilities(), s.targets()));
    return state;
  }

  @ParameterizedTest
  @EnumSource
  void stateOfAllIsTheMergedStateOfAnyPartsInAnyOrder(Output output) {
    List<Scored> samples = scored(output, 101, CLASSES);
    byte[] whole = state(output, samples).toBytes();
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(samples, random);
      List<EvaluationState> parts = new ArrayList<>();
      for (int from = 0; from < samples.size(); ) {
        int to = Math.min(samples.size(), from + random.nextInt(20));
        parts.add(state(output, samples.subList(from, to)));
        from = to;
      }
      while (parts.size() > 1) { // any grouping: merge two parts picked at random
        EvaluationState left = parts.remove(random.nextInt(parts.size()));
        EvaluationState right = parts.remove(random.nextInt(parts.size()));
        left.merge(EvaluationState.fromBytes(right.toBytes()));
        parts.add(left);
      }
      assertArrayEquals(whole, parts.get(0).toBytes());
      assertEquals(
          EvaluationState.fromBytes(whole).evaluation(LABELS), parts.get(0).evaluation(LABELS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesGiveTheStateBack(Output output) {
    EvaluationState state = state(output, scored(output, 20, CLASSES));
    EvaluationState back = EvaluationState.fromBytes(state.toBytes());
    assertEquals(state, back);
    assertEquals(20, back.samples());
  }

  @ParameterizedTest
  @EnumSource
  void bytesCutShortOrLongerOrOfAnotherKindAreRefused(Output output) {
    byte[] bytes = state(output, scored(output, 20, CLASSES)).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(IllegalArgumentException.class, () -> EvaluationState.fromBytes(cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(IllegalArgumentException.class, () -> EvaluationState.fromBytes(longer));
    for (int place : new int[] {0, 3, 4, 5}) { // magic, version, kind, classes
      byte[] changed = bytes.clone();
      changed[place] = 0x7f;
      assertThrows(IllegalArgumentException.class, () -> EvaluationState.fromBytes(changed));
    }
  }

  @ParameterizedTest
  @EnumSource
  void evaluationSurvivesJson(Output output) {
    Evaluation evaluation = state(output, scored(output, 50, CLASSES)).evaluation(LABELS);
    byte[] json = Json.pretty(evaluation).getBytes(StandardCharsets.UTF_8);
    assertEquals(evaluation, Evaluation.read(json, output, "evaluation.json"));
  }

  @ParameterizedTest
  @EnumSource
  void noSamplesAreAnErrorForPeople(Output output) {
    EvaluationState empty = EvaluationState.of(output, CLASSES, 1);
    UserError error = assertThrows(UserError.class, () -> empty.evaluation(LABELS));
    assertEquals(Evaluation.NO_SAMPLES, error.getMessage());
  }

  @Test
  void tenThousandClassesStaySmall() {
    int classes = 10_000;
    SingleLabelState state = new SingleLabelState(classes, 5);
    float[] p = new float[classes];
    Arrays.fill(p, 1f / classes);
    IntStream.range(0, 2_000).forEach(i -> state.add(p, (i * 7) % classes));
    assertTrue(state.toBytes().length < 100_000, () -> state.toBytes().length + " bytes");
    assertEquals(state, EvaluationState.fromBytes(state.toBytes()));
  }

  @Test
  void amongEqualProbabilitiesTheFirstClassWins() {
    SingleLabelState state = new SingleLabelState(3, 2);
    state.add(new float[] {0.4f, 0.2f, 0.4f}, 2);
    state.add(new float[] {0.4f, 0.2f, 0.4f}, 0);
    SingleLabelEvaluation e = state.evaluation(Labels.inOrder(List.of("a", "b", "c")));
    assertEquals(0.5, e.topK().get(1));
    assertEquals(e.accuracy(), e.topK().get(1));
    assertEquals(1.0, e.topK().get(2));
  }

  @Test
  void whatIsNoProbabilityOrNoSingleLabelIsRefused() {
    SingleLabelState state = new SingleLabelState(2, 1);
    for (float p : new float[] {Float.NaN, -0.1f, 1.1f, Float.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> state.add(new float[] {p, 0}, 0));
    }
    float[] p = {0.5f, 0.5f};
    assertThrows(IllegalArgumentException.class, () -> state.add(p, new float[] {1, 1}));
    assertThrows(IllegalArgumentException.class, () -> state.add(p, new float[] {0, 0}));
    assertThrows(IllegalArgumentException.class, () -> state.merge(new MultiLabelState(2)));
    assertThrows(IllegalArgumentException.class, () -> state.merge(new SingleLabelState(3, 1)));
    assertEquals(0, state.samples());
  }

  @Test
  void topPicksTheMostProbableAndKeepsTheOrderOfEquals() {
    float[] p = {0.1f, 0.3f, 0.1f, 0.3f, 0.2f};
    assertEquals(List.of(1, 3, 4), Ranking.top(p, 3));
    assertEquals(List.of(1, 3, 4, 0, 2), Ranking.top(p, 9));
  }

  @Test
  void tableShowsHeadlinesAndWorstClasses() {
    SingleLabelState state = new SingleLabelState(CLASSES, 5);
    for (int i = 0; i < CLASSES - 1; i++) {
      float[] p = new float[CLASSES];
      p[i == 1 ? 6 : i] = 1;
      state.add(p, i == 5 ? 6 : i);
    }
    assertEquals(
        """
        samples                         6
        accuracy                   0.6667
        top5Accuracy               0.8333
        macroF1                    0.5714
        logLoss                    5.3141
        calibrationError           0.3333
        worst classes             support    prec.   recall       F1
          b                             1   0.0000   0.0000   0.0000
          long label that no ta…        1   0.0000   0.0000   0.0000
          a                             1   1.0000   1.0000   1.0000
          c                             1   1.0000   1.0000   1.0000
          d                             1   1.0000   1.0000   1.0000
        """,
        EvaluationTable.of(state.evaluation(LABELS)));
  }
}
