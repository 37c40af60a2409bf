package org.graft.head;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.graft.common.Json;
import org.graft.sample.Labels;

/** scikit-learn's 1,797 digits of 8x8 pixels: see src/test/golden/heads/generate.py. */
public final class Digits {
  public static final int TRAIN = 1297;
  public static final int WIDTH = 64;
  public static final Labels LABELS =
      Labels.inOrder(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));

  /** Even, at least five, with a closed loop, an eight. */
  public static final Labels PROPERTIES = Labels.inOrder(List.of("even", "five", "loop", "eight"));

  private static final String LETTERS = "0123456789abcdefg";

  private Digits() {}

  public static List<LabelledBlock> train() {
    return blocks(false, i -> i < TRAIN);
  }

  public static List<LabelledBlock> test() {
    return blocks(false, i -> i >= TRAIN);
  }

  public static List<LabelledBlock> trainProperties() {
    return blocks(true, i -> i < TRAIN);
  }

  public static List<LabelledBlock> testProperties() {
    return blocks(true, i -> i >= TRAIN);
  }

  /** The training rows with every tenth eight only. */
  public static List<LabelledBlock> fewEights() {
    List<LabelledBlock> few = new ArrayList<>();
    int eights = 0;
    for (LabelledBlock row : train()) {
      if (row.targets()[8] == 0 || eights++ % 10 == 0) {
        few.add(row);
      }
    }
    return few;
  }

  /** The same, weighing 0, 1/2, 1, 3/2 and 2 in turn. */
  public static List<LabelledBlock> weighted(List<LabelledBlock> rows) {
    List<LabelledBlock> weighted = new ArrayList<>();
    for (LabelledBlock row : rows) {
      weighted.add(Rows.weighted(row, weighted.size() % 5 / 2f));
    }
    return weighted;
  }

  /** What scikit-learn finds, by case and name. */
  public static double optimum(String golden, String name) {
    return ((Number) ((Map<?, ?>) optimum().get(golden)).get(name)).doubleValue();
  }

  /** {@code l2 / 2} times the sum of squared weights, those for standardised features or raw. */
  public static double penalty(
      TrainedHead head, List<LabelledBlock> samples, double l2, boolean standardized) {
    float[] weights = head.layers().get(0).weights();
    double sum = 0;
    for (int j = 0; j < WIDTH; j++) {
      double variance = standardized ? variance(samples, j) : 1;
      for (int at = j; at < weights.length; at += WIDTH) {
        sum += (variance == 0 ? 1 : variance) * weights[at] * weights[at];
      }
    }
    return l2 / 2 * sum;
  }

  private static double variance(List<LabelledBlock> samples, int j) {
    double mean = samples.stream().mapToDouble(s -> s.features()[j]).average().orElseThrow();
    return samples.stream()
        .mapToDouble(s -> (s.features()[j] - mean) * (s.features()[j] - mean))
        .average()
        .orElseThrow();
  }

  /** Of the classes of {@link #fewEights}. */
  @SuppressWarnings("unchecked")
  static List<Double> balancedWeights() {
    return (List<Double>) optimum().get("balancedWeights");
  }

  /** Of each property, where it is absent and where it is present. */
  @SuppressWarnings("unchecked")
  static List<List<Double>> balancedLabelWeights() {
    return (List<List<Double>>) ((Map<?, ?>) optimum().get("labels")).get("weights");
  }

  private static Map<String, Object> optimum() {
    try (InputStream in = open("optimum.json")) {
      return Json.readMap(in.readAllBytes(), "optimum.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One block a row. */
  private static List<LabelledBlock> blocks(boolean properties, IntPredicate index) {
    List<LabelledBlock> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open("digits.txt"), StandardCharsets.US_ASCII))) {
      String line = lines.readLine();
      for (int i = 0; line != null; i++, line = lines.readLine()) {
        if (index.test(i)) {
          rows.add(row("digit%04d".formatted(i), line, properties));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static LabelledBlock row(String key, String line, boolean properties) {
    int digit = line.charAt(0) - '0';
    float[] pixels = new float[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      pixels[j] = LETTERS.indexOf(line.charAt(2 + j));
    }
    float[] targets = properties ? properties(digit) : LABELS.encode(List.of("" + digit));
    return new LabelledBlock(List.of(key), WIDTH, targets.length, pixels, targets);
  }

  private static float[] properties(int digit) {
    boolean loop = "0689".indexOf('0' + digit) >= 0;
    return new float[] {
      digit % 2 == 0 ? 1 : 0, digit >= 5 ? 1 : 0, loop ? 1 : 0, digit == 8 ? 1 : 0
    };
  }

  private static InputStream open(String name) {
    return Digits.class.getResourceAsStream("/golden/heads/" + name);
  }
}
