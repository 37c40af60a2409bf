package org.graft;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.common.LocalStorage;
import org.graft.common.PackedText;
import org.graft.image.JpegScaling;
import org.graft.sample.RejectedException;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Progress;
import org.graft.text.TextPreprocessor;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;
import org.graft.weights.Downloads;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What 8 bits cost and bring on texts, for the table in text.md: {@code -Dgraft.quotes=FILE}, a
 * file that src/test/golden/text/quotes.py wrote. Ridge heads on the same random folds of both
 * kinds of features, ten times five of them: so the difference is of 8,000 answers each.
 */
@EnabledIfSystemProperty(named = "graft.quotes", matches = ".+")
class Int8QuotesTest {
  private static final int BATCH = 256;
  private static final int FOLDS = 5;
  private static final int REPEATS = 10;
  private static final int ROUNDS = 3;
  private static final double MOST_LOST = 0.005;
  private static final double PENALTY = 0.1;

  @ParameterizedTest
  @ValueSource(strings = {"minilm_l6.st", "bge_small_en.baai", "e5_small.intfloat"})
  void aHeadOnFeaturesIn8BitsIsAsGood(String card) throws Exception {
    List<Map<String, Object>> quotes = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(System.getProperty("graft.quotes")))) {
      quotes.add(Json.readMap(line.getBytes(StandardCharsets.UTF_8), "quote"));
    }
    List<Object> topics = quotes.stream().map(quote -> quote.get("label")).distinct().toList();
    int[] labels = quotes.stream().mapToInt(quote -> topics.indexOf(quote.get("label"))).toArray();
    BackboneChoice choice = choice(card);
    float[][] inputs = inputs(choice, quotes);
    Precision int8 = Precision.int8(ActivationRanges.NONE);
    try (Backbone exact = load(choice, Precision.FP32);
        Backbone rounded = load(choice, int8)) {
      double[] best = new double[2];
      float[][] before = null;
      float[][] after = null;
      for (int round = 0; round < ROUNDS; round++) {
        long begin = cpu();
        before = features(exact, inputs);
        long middle = cpu();
        after = features(rounded, inputs);
        long end = cpu();
        best[0] = Math.max(best[0], 1e9 * inputs.length / (middle - begin));
        best[1] = Math.max(best[1], 1e9 * inputs.length / (end - middle));
      }
      double fp32 = accuracy(before, labels, topics.size());
      double bytes = accuracy(after, labels, topics.size());
      System.out.printf(
          "| `%s` | %.4f | %.2f | %.2f | %+.2f | %.0f | %.0f |%n",
          card,
          cosine(before, after),
          100 * fp32,
          100 * bytes,
          100 * (bytes - fp32),
          best[0],
          best[1]);
      assertTrue(bytes >= fp32 - MOST_LOST, card + ": " + fp32 + ", in 8 bits " + bytes);
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static BackboneChoice choice(String card) throws IOException {
    Downloads downloads = Downloads.of(System.getenv());
    return new Backbones(new LocalStorage(), downloads, new Progress(System.err, false))
        .choose(
            new BackboneOptions(
                card, "", null, BATCH, "", "", Engine.ONNX, JpegScaling.NONE, downloads));
  }

  private static Backbone load(BackboneChoice choice, Precision precision) throws IOException {
    BackboneSpec spec = choice.spec().withPrecision(precision);
    return choice.loader().load(spec);
  }

  private static float[][] inputs(BackboneChoice choice, List<Map<String, Object>> quotes)
      throws RejectedException {
    String packed = choice.spec().card().tokenizer().packed();
    byte[] json = PackedText.unpack(packed, 1 << 26, "tokenizer");
    try (Tokenizer tokenizer = TokenizerLibrary.installed().load(json, "tokenizer")) {
      TextPreprocessor texts = new TextPreprocessor(choice.spec().card().text(), tokenizer);
      float[][] inputs = new float[quotes.size()][];
      for (int i = 0; i < inputs.length; i++) {
        String text = (String) quotes.get(i).get("text");
        inputs[i] = texts.windows(text.getBytes(StandardCharsets.UTF_8)).next();
      }
      return inputs;
    }
  }

  private static float[][] features(Backbone backbone, float[][] inputs) {
    float[][] features = new float[inputs.length][];
    for (int from = 0; from < inputs.length; from += BATCH) {
      int to = Math.min(from + BATCH, inputs.length);
      float[][] some = backbone.features(Arrays.copyOfRange(inputs, from, to));
      System.arraycopy(some, 0, features, from, some.length);
    }
    return features;
  }

  private static double cosine(float[][] one, float[][] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double ab = 0;
      double aa = 0;
      double bb = 0;
      for (int j = 0; j < one[i].length; j++) {
        ab += (double) one[i][j] * other[i][j];
        aa += (double) one[i][j] * one[i][j];
        bb += (double) other[i][j] * other[i][j];
      }
      sum += ab / Math.sqrt(aa * bb);
    }
    return sum / one.length;
  }

  /** Of heads that did not see what they are asked. */
  private static double accuracy(float[][] features, int[] labels, int classes) {
    double[][] rows = standardised(features);
    int right = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      int[] folds = folds(rows.length, new Random(repeat));
      for (int fold = 0; fold < FOLDS; fold++) {
        double[][] head = ridge(rows, labels, classes, folds, fold);
        for (int i = 0; i < rows.length; i++) {
          right += folds[i] == fold && answer(head, rows[i]) == labels[i] ? 1 : 0;
        }
      }
    }
    return (double) right / rows.length / REPEATS;
  }

  private static int[] folds(int n, Random random) {
    int[] folds = IntStream.range(0, n).map(i -> i % FOLDS).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = folds[i];
      folds[i] = folds[j];
      folds[j] = other;
    }
    return folds;
  }

  private static double[][] standardised(float[][] features) {
    int width = features[0].length;
    double[][] rows = new double[features.length][width + 1];
    for (int j = 0; j < width; j++) {
      double mean = 0;
      double squares = 0;
      for (float[] row : features) {
        mean += row[j] / features.length;
      }
      for (float[] row : features) {
        squares += (row[j] - mean) * (row[j] - mean) / features.length;
      }
      for (int i = 0; i < rows.length; i++) {
        rows[i][j] = (features[i][j] - mean) / Math.sqrt(squares);
      }
    }
    for (double[] row : rows) {
      row[width] = 1;
    }
    return rows;
  }

  /** {@code (X'X + n * PENALTY * I) W = X'Y}, by Cholesky. */
  private static double[][] ridge(
      double[][] rows, int[] labels, int classes, int[] folds, int left) {
    int width = rows[0].length;
    double[][] gram = new double[width][width];
    double[][] right = new double[width][classes];
    for (int i = 0; i < rows.length; i++) {
      if (folds[i] != left) {
        for (int j = 0; j < width; j++) {
          double value = rows[i][j];
          for (int k = 0; k <= j; k++) {
            gram[j][k] += value * rows[i][k];
          }
          right[j][labels[i]] += value;
        }
      }
    }
    for (int j = 0; j < width; j++) {
      gram[j][j] += PENALTY * rows.length;
    }
    return solved(gram, right);
  }

  private static double[][] solved(double[][] gram, double[][] right) {
    int n = gram.length;
    for (int j = 0; j < n; j++) {
      for (int k = 0; k <= j; k++) {
        double sum = gram[j][k];
        for (int l = 0; l < k; l++) {
          sum -= gram[j][l] * gram[k][l];
        }
        gram[j][k] = j == k ? Math.sqrt(sum) : sum / gram[k][k];
      }
    }
    for (int c = 0; c < right[0].length; c++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < j; l++) {
          right[j][c] -= gram[j][l] * right[l][c];
        }
        right[j][c] /= gram[j][j];
      }
      for (int j = n - 1; j >= 0; j--) {
        for (int l = j + 1; l < n; l++) {
          right[j][c] -= gram[l][j] * right[l][c];
        }
        right[j][c] /= gram[j][j];
      }
    }
    return right;
  }

  private static int answer(double[][] head, double[] row) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < head[0].length; c++) {
      double score = 0;
      for (int j = 0; j < row.length; j++) {
        score += row[j] * head[j][c];
      }
      if (score > most) {
        most = score;
        best = c;
      }
    }
    return best;
  }
}
