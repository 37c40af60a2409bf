package org.graft.engine.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples come and go without the others being read. */
class ExactStatisticsTest {
  /** More than two panels of features. */
  private static final int WIDTH = 600;

  @ParameterizedTest
  @ValueSource(ints = {1, 37, 200})
  void aDayThatGoesLeavesNothingBehind(int day) {
    List<LabelledBlock> rows = Rows.of(300, WIDTH, 5);
    ExactStatistics rest = sums(rows, 0).minus(sums(rows.subList(0, day), 0.4));
    assertSameHeads(sums(rows.subList(day, 300), 0), rest);
  }

  @Test
  void aDayThatComesIsAsIfItHadBeenThere() {
    List<LabelledBlock> rows = Rows.of(300, WIDTH, 5);
    ExactStatistics both = sums(rows.subList(0, 211), -3).plus(sums(rows.subList(211, 300), 2));
    assertSameHeads(sums(rows, 0), both);
  }

  @Test
  void aWindowThatMovesForAHundredNightsIsThatOfTheLast() {
    List<LabelledBlock> rows = Rows.of(400, 40, 5);
    ExactStatistics window = sums(rows.subList(0, 300), 0.4);
    for (int night = 0; night < 100; night++) {
      ExactStatistics gone = sums(rows.subList(night, night + 1), 0);
      window = window.minus(gone).plus(sums(rows.subList(300 + night, 301 + night), 0));
    }
    assertSameHeads(sums(rows.subList(100, 400), 0), window);
  }

  @Test
  void farFromZeroNoDigitsAreLost() {
    List<LabelledBlock> near = Rows.of(120, 40, 3);
    List<LabelledBlock> far =
        near.stream().map(row -> with(row, x -> (float) (1024 + Math.rint(x * 64) / 64))).toList();
    List<LabelledBlock> rounded =
        near.stream().map(row -> with(row, x -> (float) (Math.rint(x * 64) / 64))).toList();
    Linear one = RidgePath.of(sums(rounded, 0), true).head(1e-3);
    Linear other = RidgePath.of(sums(far, 1024), true).head(1e-3);
    assertClose(one.weights, other.weights, 1e-9);
  }

  @Test
  void aFeatureThatOnlyTheOthersHadIsConstant() {
    List<LabelledBlock> rows = Rows.of(100, 8, 2);
    List<LabelledBlock> some =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(i -> first(rows.get(i), i < 10 ? i * 7.3f : 0.1f))
            .toList();
    ExactStatistics rest = sums(some, 0).minus(sums(some.subList(0, 10), 0));
    Linear head = RidgePath.of(rest, true).head(0.01);
    Linear refitted = RidgePath.of(sums(some.subList(10, 100), 0), true).head(0.01);
    assertClose(refitted.weights, head.weights, 1e-9);
    assertEquals(0, head.weights[0], 1e-9);
  }

  @Test
  void aClassThatComesHasNoSamplesYet() {
    ExactStatistics three = sums(Rows.of(90, 12, 3), 0);
    ExactStatistics four = three.select(2, 0, -1, 1);
    assertEquals(0, four.targetSum(2));
    double[] all = RidgePath.of(three, true).head(0.1).weights;
    double[] wider = RidgePath.of(four, true).head(0.1).weights;
    for (int i = 0; i < 12; i++) {
      assertEquals(all[i * 3 + 2], wider[i * 4], 1e-12);
      assertEquals(0, wider[i * 4 + 2], 0);
      assertEquals(all[i * 3 + 1], wider[i * 4 + 3], 1e-12);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    ExactStatistics small = sums(Rows.of(9, 4, 3), 0);
    ExactStatistics large = sums(Rows.of(12, 4, 3), 0);
    assertTrue(
        assertThrows(UserError.class, () -> small.minus(large))
            .getMessage()
            .contains("more samples than are there (got 12, limit 9)"));
    assertTrue(
        assertThrows(UserError.class, () -> small.plus(sums(Rows.of(9, 5, 3), 0)))
            .getMessage()
            .contains("of 4 features and 3 targets (got 5 and 3)"));
  }

  @Test
  void filesComeBackAsTheyWere() throws IOException {
    ExactStatistics some = sums(Rows.of(50, 300, 3), 0.25);
    byte[] bytes = bytes(some);
    ExactStatistics read = StatisticsFile.read(new ByteArrayInputStream(bytes), "it");
    assertTrue(Arrays.deepEquals(some.chunks(), read.chunks()));
    assertTrue(Arrays.equals(some.shift(), read.shift()));
    for (int at : new int[] {24, bytes.length / 2, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      assertRefused(damaged, "it is damaged");
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length / 2), "it ends too early");
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "it goes on after its end");
    assertRefused(new byte[50], "it is no file of statistics");
    byte[] wide = bytes.clone();
    wide[12] = 0x7f; // a width of two thousand million
    assertRefused(wide, "features and 3 targets (limit 16384)");
  }

  private static void assertRefused(byte[] bytes, String why) {
    String message =
        assertThrows(
                UserError.class,
                () -> StatisticsFile.read(new ByteArrayInputStream(bytes), "that.bin"))
            .getMessage();
    assertTrue(message.startsWith("Cannot read that.bin: ") && message.contains(why), message);
  }

  private static byte[] bytes(ExactStatistics statistics) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StatisticsFile.write(statistics, out);
    return out.toByteArray();
  }

  private static void assertSameHeads(ExactStatistics expected, ExactStatistics found) {
    assertEquals(expected.rows(), found.rows());
    assertClose(
        RidgePath.of(expected, true).head(0.01).weights,
        RidgePath.of(found, true).head(0.01).weights,
        1e-9);
    assertClose(
        Discriminant.of(expected, true).head(0.1).weights,
        Discriminant.of(found, true).head(0.1).weights,
        1e-9);
  }

  private static void assertClose(double[] expected, double[] found, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertTrue(largest > 0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance * largest, "" + i);
    }
  }

  private static ExactStatistics sums(List<LabelledBlock> rows, double at) {
    double[] shift = new double[rows.get(0).width()];
    Arrays.fill(shift, at);
    int targets = rows.get(0).classes();
    return ExactStatistics.of(
        targets, shift, StatisticsSum.of(rows, ExactRows.first(targets), shift));
  }

  /** A function of a feature. */
  private interface Feature {
    float of(float x);
  }

  private static LabelledBlock with(LabelledBlock row, Feature feature) {
    float[] x = row.features().clone();
    for (int j = 0; j < x.length; j++) {
      x[j] = feature.of(x[j]);
    }
    return new LabelledBlock(row.keys(), row.width(), row.classes(), x, row.targets());
  }

  private static LabelledBlock first(LabelledBlock row, float value) {
    float[] x = row.features().clone();
    x[0] = value;
    return new LabelledBlock(row.keys(), row.width(), row.classes(), x, row.targets());
  }
}
