package org.graft.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.bench.BenchRecord.What;
import org.graft.common.PackedText;
import org.graft.common.UserError;
import org.graft.sample.RejectedException;
import org.graft.sample.Windows;
import org.graft.spark.BackboneChoice;
import org.graft.text.TextPreprocessor;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;

/**
 * Texts to features: their tokens alone, and all of it in each precision and batch. What goes in is
 * what a job has, bytes of texts in any order; the network puts those of one length side by side.
 */
final class TextBench {
  private static final int MOST_VOCABULARY = 64 << 20;

  private final Rounds rounds;
  private final BenchPlan plan;
  private final List<byte[]> texts;

  TextBench(Rounds rounds, BenchPlan plan, List<String> texts) {
    this.rounds = rounds;
    this.plan = plan;
    this.texts = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /**
   * What a record needs beside its rate.
   *
   * @param tokens of a text on average
   */
  private record Stage(
      String backbone, String name, String precision, int batch, int threads, double tokens) {}

  List<BenchRecord> run(String name, BackboneChoice choice) throws IOException, RejectedException {
    List<Backbone> loaded = new ArrayList<>();
    Stages stages = new Stages();
    try (Tokenizer tokenizer = tokenizer(choice)) {
      TextPreprocessor preprocessor = new TextPreprocessor(choice.spec().card().text(), tokenizer);
      double tokens = inputs(preprocessor).stream().mapToInt(input -> input.length).sum();
      double each = tokens / texts.size();
      for (int threads : plan.threads()) {
        Stage alone = new Stage(name, "tokens", "-", 1, threads, each);
        add(stages, alone, () -> inputs(preprocessor));
      }
      for (int batch : plan.batches()) {
        for (Map.Entry<String, Backbone> backbone : backbones(choice, batch).entrySet()) {
          loaded.add(backbone.getValue());
          for (int threads : plan.threads()) {
            Stage all = new Stage(name, "all", backbone.getKey(), batch, threads, each);
            add(stages, all, () -> features(preprocessor, backbone.getValue(), batch));
          }
        }
      }
      return stages.run(rounds);
    } finally {
      loaded.forEach(Backbone::close);
    }
  }

  private static Tokenizer tokenizer(BackboneChoice choice) {
    String what = "the tokenizer of " + choice.spec().card().name();
    String packed = choice.spec().card().tokenizer().packed();
    return TokenizerLibrary.installed()
        .load(PackedText.unpack(packed, MOST_VOCABULARY, what), what);
  }

  private void add(Stages stages, Stage stage, Contender.Work work) {
    String title =
        "%s %s %s batch %d"
            .formatted(stage.backbone(), stage.name(), stage.precision(), stage.batch());
    stages.add(
        new Contender(title, stage.threads(), texts.size(), work),
        (rate, turns) -> record(stage, rate, turns));
  }

  private BenchRecord record(Stage stage, Rate rate, int turns) {
    return new BenchRecord(
        What.TEXT,
        stage.backbone(),
        stage.name().equals("all") ? "onnx" : "tokenizers",
        stage.precision(),
        stage.batch(),
        stage.threads(),
        rate.perSecond(),
        rate.perCpuSecond(),
        null,
        Map.of(
            "stage", stage.name(),
            "texts", texts.size(),
            "tokens", stage.tokens(),
            "rounds", turns));
  }

  /** By precision; a file that is quantised already runs as it was published. */
  private Map<String, Backbone> backbones(BackboneChoice choice, int batch) throws IOException {
    Map<String, Backbone> backbones = new LinkedHashMap<>();
    Backbone int8 = int8(choice, batch);
    if (int8 == null) {
      backbones.put("published", load(choice, batch, Precision.FP32));
      return backbones;
    }
    if (plan.precisions().contains("fp32")) {
      backbones.put("fp32", load(choice, batch, Precision.FP32));
    }
    if (plan.precisions().contains("int8")) {
      backbones.put("int8", int8);
    } else {
      int8.close();
    }
    return backbones;
  }

  private static Backbone int8(BackboneChoice choice, int batch) throws IOException {
    try {
      return load(choice, batch, Precision.int8(ActivationRanges.NONE));
    } catch (UserError quantisedAlready) {
      return null;
    }
  }

  private static Backbone load(BackboneChoice choice, int batch, Precision precision)
      throws IOException {
    BackboneSpec spec = choice.spec();
    return choice
        .loader()
        .load(
            new BackboneSpec(
                spec.card(), spec.cut(), spec.pooling(), batch, spec.weights(), precision));
  }

  private List<float[]> inputs(TextPreprocessor preprocessor) throws RejectedException {
    List<float[]> inputs = new ArrayList<>();
    for (byte[] text : texts) {
      Windows windows = preprocessor.windows(text);
      for (float[] input = windows.next(); input != null; input = windows.next()) {
        inputs.add(input);
      }
    }
    return inputs;
  }

  private void features(TextPreprocessor preprocessor, Backbone backbone, int batch)
      throws RejectedException {
    List<float[]> inputs = inputs(preprocessor);
    for (int from = 0; from < inputs.size(); from += batch) {
      int to = Math.min(from + batch, inputs.size());
      backbone.features(inputs.subList(from, to).toArray(float[][]::new));
    }
  }
}
