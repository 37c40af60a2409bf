package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.evaluate.Inspection.Curve;
import org.graft.evaluate.Inspection.Point;
import org.graft.evaluate.SingleLabelEvaluation.Cell;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InspectionStateTest {
  private static final Labels PETS = Labels.inOrder(List.of("cat", "dog", "fish"));

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scored(String key, List<String> has, float[] given, float[] targets) {
    void addTo(InspectionState state) {
      state.add(key, "pictures/" + key + ".jpg", has, given, targets);
    }
  }

  private static Scored scored(String key, int label, float... given) {
    return new Scored(
        key, List.of(PETS.name(label)), given, PETS.encode(List.of(PETS.name(label))));
  }

  private static Inspection of(List<Cell> wanted, Scored... samples) {
    InspectionState state = new InspectionState(Output.SOFTMAX, PETS, wanted);
    Stream.of(samples).forEach(sample -> sample.addTo(state));
    return state.inspection();
  }

  private static List<String> keys(List<Example> examples) {
    return examples.stream().map(Example::key).toList();
  }

  /** Many equal probabilities, so that keys must decide. */
  private static List<Scored> many(Output output, int samples) {
    Random random = new Random(7);
    List<Scored> many = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      float first = random.nextInt(20) / 20f;
      float second = (1 - first) * random.nextInt(5) / 5f;
      float[] given = {first, second, 1 - first - second};
      float[] targets = new float[3];
      targets[random.nextInt(3)] = 1;
      String key = "%08x".formatted(random.nextInt());
      List<String> has = List.of("cat");
      many.add(
          output == Output.VALUE
              ? new Scored(key, has, new float[] {first}, new float[] {second})
              : new Scored(key, has, given, targets));
    }
    return many;
  }

  @ParameterizedTest
  @EnumSource(Output.class)
  void partitionsAndTheirOrderDoNotMatter(Output output) {
    Labels labels = output == Output.VALUE ? Labels.VALUE : PETS;
    List<Cell> wanted =
        output == Output.SOFTMAX ? List.of(new Cell(1, 0, 9), new Cell(0, 0, 9)) : List.of();
    List<Scored> samples = many(output, 400);
    InspectionState whole = new InspectionState(output, labels, wanted);
    samples.forEach(sample -> sample.addTo(whole));
    for (int partitions : new int[] {1, 3, 50}) {
      Collections.shuffle(samples, new Random(partitions));
      InspectionState merged = new InspectionState(output, labels, wanted);
      for (int p = 0; p < partitions; p++) {
        InspectionState part = new InspectionState(output, labels, wanted);
        for (int i = p; i < samples.size(); i += partitions) {
          samples.get(i).addTo(part);
        }
        merged.merge(part.toBytes());
      }
      assertArrayEquals(whole.toBytes(), merged.toBytes());
      assertEquals(whole.inspection(), merged.inspection());
    }
    assertEquals(Inspection.MOST_RANKED, whole.inspection().mistakes().size());
  }

  @Test
  void theSurestMistakesAndTheLeastSureAnswersComeFirst() {
    Inspection seen =
        of(
            List.of(),
            scored("right", 0, 0.9f, 0.1f, 0f),
            scored("b", 1, 0.8f, 0.1f, 0.1f),
            scored("a", 2, 0.8f, 0.1f, 0.1f),
            scored("sure", 2, 0.1f, 0.9f, 0f),
            scored("torn", 0, 0.5f, 0.45f, 0.05f));
    assertEquals(List.of("sure", "a", "b"), keys(seen.mistakes()));
    assertEquals("torn", seen.doubtful().get(0).key());
    Example sure = seen.mistakes().get(0);
    assertEquals(List.of("fish"), sure.labels());
    assertEquals(new Example.Guess("dog", 0.9f), sure.guesses().get(0));
    assertEquals("pictures/sure.jpg", sure.path());
  }

  @Test
  void cellsHoldTheSamplesOfLowestKeys() {
    Scored[] samples =
        IntStream.range(0, 30)
            .mapToObj(i -> scored("%02d".formatted((i * 7) % 30), i % 3, 0.7f, 0.2f, 0.1f))
            .toArray(Scored[]::new);
    Inspection seen = of(List.of(new Cell(1, 0, 10), new Cell(2, 2, 1)), samples);
    assertEquals(2, seen.cells().size());
    List<String> dogs =
        Stream.of(samples)
            .filter(s -> s.targets()[1] == 1)
            .map(Scored::key)
            .sorted()
            .limit(Inspection.MOST_OF_CELL)
            .toList();
    assertEquals(dogs, keys(seen.cells().get(0).examples()));
    assertTrue(seen.cells().get(1).examples().isEmpty());
  }

  @Test
  void theLargestCellsAreWanted() {
    SingleLabelState state = new SingleLabelState(3, 1);
    float[] cat = {1, 0, 0};
    float[] dog = {0, 1, 0};
    for (int i = 0; i < 5; i++) {
      state.add(cat, 0);
      state.add(cat, 2);
    }
    state.add(dog, 0);
    List<Cell> wanted = Inspection.cells(state.evaluation(PETS));
    assertEquals(List.of(new Cell(2, 0, 5), new Cell(0, 1, 1), new Cell(0, 0, 5)), wanted);
  }

  @Test
  void ofSeveralLabelsTheSurestWrongDecisionCounts() {
    InspectionState state = new InspectionState(Output.SIGMOID, PETS, List.of());
    new Scored("x", List.of("cat", "dog"), new float[] {0.9f, 0.2f, 0.6f}, new float[] {1, 1, 0})
        .addTo(state);
    Inspection seen = state.inspection();
    assertEquals("not dog", seen.mistakes().get(0).guesses().get(0).label());
    assertEquals(0.8, seen.mistakes().get(0).guesses().get(0).score(), 1e-6);
    assertEquals("fish", seen.doubtful().get(0).guesses().get(0).label());
  }

  @Test
  void sizeIsBounded() {
    Labels labels = Labels.inOrder(IntStream.range(0, 300).mapToObj(i -> "l" + i).toList());
    InspectionState state = new InspectionState(Output.SOFTMAX, labels, List.of());
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      float[] given = new float[300];
      for (int c = 0; c < 300; c++) {
        given[c] = random.nextFloat();
      }
      String label = labels.name(i % 300);
      state.add("k" + i, "p", List.of(label), given, labels.encode(List.of(label)));
    }
    Inspection seen = state.inspection();
    assertEquals(300, seen.classes().size());
    assertEquals(
        Inspection.MOST_CURVES,
        seen.classes().stream().filter(curve -> !curve.points().isEmpty()).count());
    seen.classes().forEach(curve -> assertTrue(curve.points().size() <= 60, curve.label()));
    int bytes = Json.line(seen).getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 1_000_000, bytes + " bytes");
  }

  @Test
  void ofVeryManyClassesOnlyTheSumIsKept() {
    Labels labels = Labels.inOrder(IntStream.range(0, 1001).mapToObj(i -> "l" + i).toList());
    InspectionState state = new InspectionState(Output.SOFTMAX, labels, List.of());
    float[] given = new float[1001];
    given[3] = 1;
    state.add("k", "p", List.of("l3"), given, labels.encode(List.of("l3")));
    assertEquals(List.of(), state.inspection().classes());
    assertEquals(1, state.inspection().all().averagePrecision());
    assertTrue(state.toBytes().length < 10_000);
  }

  @Test
  void otherStatesAreRefused() {
    InspectionState state = new InspectionState(Output.SOFTMAX, PETS, List.of());
    byte[] cells = new InspectionState(Output.SOFTMAX, PETS, List.of(new Cell(0, 1, 1))).toBytes();
    byte[] classes = new InspectionState(Output.VALUE, Labels.VALUE, List.of()).toBytes();
    assertThrows(IllegalArgumentException.class, () -> state.merge(cells));
    assertThrows(IllegalArgumentException.class, () -> state.merge(classes));
  }

  @Test
  void curvesAreScikitLearns() throws IOException {
    for (Map<?, ?> golden : golden()) {
      List<?> probabilities = (List<?>) golden.get("probabilities");
      int classes = ((List<?>) probabilities.get(0)).size();
      Labels labels =
          Labels.inOrder(IntStream.range(0, classes).mapToObj(Integer::toString).toList());
      InspectionState state = new InspectionState(Output.SOFTMAX, labels, List.of());
      for (int i = 0; i < probabilities.size(); i++) {
        List<String> has = List.of(((List<?>) golden.get("labels")).get(i).toString());
        float[] given = new float[classes];
        for (int c = 0; c < classes; c++) {
          given[c] = ((Number) ((List<?>) probabilities.get(i)).get(c)).floatValue();
        }
        state.add("k" + i, "", has, given, labels.encode(has));
      }
      Inspection seen = state.inspection();
      check(golden.get("all"), seen.all(), 1e-12);
      for (int c = 0; c < classes; c++) {
        check(((List<?>) golden.get("binned")).get(c), seen.classes().get(c), 1e-12);
        check(((List<?>) golden.get("exact")).get(c), seen.classes().get(c), 0.01);
      }
      checkPoints((List<?>) golden.get("points"), seen.classes().get(0).points());
    }
  }

  private static List<Map<?, ?>> golden() throws IOException {
    try (InputStream in =
        InspectionStateTest.class.getResourceAsStream("/golden/evaluate/curves.json")) {
      List<Map<?, ?>> cases = new ArrayList<>();
      List<?> all = Json.read(in.readAllBytes(), List.class, "golden");
      all.forEach(one -> cases.add((Map<?, ?>) one));
      assertFalse(cases.isEmpty());
      return cases;
    }
  }

  private static void check(Object golden, Curve curve, double tolerance) {
    Map<?, ?> figures = (Map<?, ?>) golden;
    assertEquals(number(figures.get("averagePrecision")), curve.averagePrecision(), tolerance);
    assertEquals(number(figures.get("area")), curve.area(), tolerance);
  }

  private static double number(Object value) {
    return value == null ? Double.NaN : ((Number) value).doubleValue();
  }

  /** Each that is kept is one of scikit-learn's, and the last one is kept. */
  private static void checkPoints(List<?> golden, List<Point> points) {
    List<Point> all =
        golden.stream()
            .map(p -> ((List<?>) p).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray())
            .map(p -> new Point(p[0], p[1], p[2], p[3]))
            .toList();
    assertTrue(points.size() > 10, points.toString());
    assertTrue(all.containsAll(points), points + " " + all);
    assertEquals(all.get(all.size() - 1), points.get(points.size() - 1));
  }
}
