package org.graft;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.common.LocalStorage;
import org.graft.common.PackedText;
import org.graft.image.JpegScaling;
import org.graft.sample.RejectedException;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Progress;
import org.graft.testing.Quotes;
import org.graft.testing.Quotes.Quote;
import org.graft.testing.RealData;
import org.graft.text.TextPreprocessor;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;
import org.graft.weights.Downloads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What 8 bits cost and bring on texts, for the table in text.md: ridge heads on both kinds of
 * features of some 3,700 quotes of eight topics, each quote asked of heads that did not see it.
 */
@Tag(RealData.TAG)
class Int8QuotesTest {
  private static final int BATCH = 256;
  private static final double MOST_LOST = 0.005;
  private static final double[] PENALTIES = {0.03, 0.1, 0.3}; // a sample

  @ParameterizedTest
  @ValueSource(strings = {"minilm_l6.st", "bge_small_en.baai", "e5_small.intfloat"})
  void aHeadOnFeaturesIn8BitsIsAsGood(String card) throws Exception {
    List<Quote> quotes = Quotes.all();
    List<String> topics = quotes.stream().map(Quote::topic).distinct().toList();
    int[] labels = quotes.stream().mapToInt(quote -> topics.indexOf(quote.topic())).toArray();
    BackboneChoice choice = choice(card);
    float[][] inputs = inputs(choice, quotes);
    float[][][] features = new float[2][inputs.length][];
    double[] seconds = new double[2];
    try (Backbone exact = load(choice, Precision.FP32);
        Backbone rounded = load(choice, Precision.int8(ActivationRanges.NONE))) {
      for (int from = 0; from < inputs.length; from += BATCH) {
        seconds[0] += features(exact, inputs, from, features[0]);
        seconds[1] += features(rounded, inputs, from, features[1]);
      }
    }
    RidgeProbe before = new RidgeProbe(features[0], labels, topics.size());
    RidgeProbe after = new RidgeProbe(features[1], labels, topics.size());
    double[] right = new double[2];
    double others = 0;
    for (double penalty : PENALTIES) {
      int[] exact = before.answers(penalty);
      int[] rounded = after.answers(penalty);
      right[0] += share(i -> exact[i] == labels[i], labels.length) / PENALTIES.length;
      right[1] += share(i -> rounded[i] == labels[i], labels.length) / PENALTIES.length;
      others += share(i -> exact[i] != rounded[i], labels.length) / PENALTIES.length;
    }
    System.out.printf(
        "| `%s` | %.4f | %.2f | %.2f | %+.2f | %.2f | %.0f | %.0f |%n",
        card,
        cosine(features[0], features[1]),
        100 * right[0],
        100 * right[1],
        100 * (right[1] - right[0]),
        100 * others,
        inputs.length / seconds[0],
        inputs.length / seconds[1]);
    assertTrue(
        right[1] >= right[0] - MOST_LOST, card + ": " + right[0] + ", in 8 bits " + right[1]);
  }

  private static double share(IntPredicate what, int n) {
    return (double) IntStream.range(0, n).filter(what).count() / n;
  }

  /**
   * Those of one batch.
   *
   * @return seconds of this processor
   */
  private static double features(Backbone backbone, float[][] inputs, int from, float[][] into) {
    int to = Math.min(from + BATCH, inputs.length);
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    float[][] some = backbone.features(Arrays.copyOfRange(inputs, from, to));
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    System.arraycopy(some, 0, into, from, some.length);
    return (end - begin) / 1e9;
  }

  private static BackboneChoice choice(String card) throws IOException {
    Downloads downloads = Downloads.of(System.getenv());
    return new Backbones(new LocalStorage(), downloads, new Progress(System.err, false))
        .choose(
            new BackboneOptions(
                card,
                "",
                null,
                BATCH,
                "",
                "",
                Engine.ONNX,
                JpegScaling.NONE,
                DeviceKind.CPU,
                0,
                downloads));
  }

  private static Backbone load(BackboneChoice choice, Precision precision) throws IOException {
    BackboneSpec spec = choice.spec().withPrecision(precision);
    return choice.loader().load(spec);
  }

  private static float[][] inputs(BackboneChoice choice, List<Quote> quotes)
      throws RejectedException {
    String packed = choice.spec().card().tokenizer().packed();
    byte[] json = PackedText.unpack(packed, 1 << 26, "tokenizer");
    try (Tokenizer tokenizer = TokenizerLibrary.installed().load(json, "tokenizer")) {
      TextPreprocessor texts = new TextPreprocessor(choice.spec().card().text(), tokenizer);
      float[][] inputs = new float[quotes.size()][];
      for (int i = 0; i < inputs.length; i++) {
        String text = quotes.get(i).text();
        inputs[i] = texts.windows(text.getBytes(StandardCharsets.UTF_8)).next();
      }
      return inputs;
    }
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
}
