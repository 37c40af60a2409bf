package org.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.engine.dl4j.Arithmetic;
import org.graft.engine.dl4j.RandomWeights;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.image.ImageDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.sample.RejectedException;
import org.graft.spark.BackboneChoice;
import org.graft.weights.Downloads;
import org.graft.weights.PublishedWeights;
import org.graft.weights.Sha256;
import org.graft.weights.WeightFetcher.Patience;
import org.graft.weights.WeightFetcher.Progress;

/** A network to measure: its card, its weights, inputs for it. */
final class BenchBackbone implements AutoCloseable {
  static final long MAX_PIXELS = 100_000_000;
  private static final int CALIBRATION = 8;
  private static final long SEED = 1;

  private final String name;
  private final BackboneCard card;
  private final Path weights;
  private final boolean temporary;
  private final float[][] inputs;
  private final double operations;
  private Precision int8;

  private BenchBackbone(
      String name, BackboneCard card, Path weights, boolean temporary, float[][] inputs)
      throws IOException {
    this.name = name;
    this.card = card;
    this.weights = weights;
    this.temporary = temporary;
    this.inputs = inputs;
    this.operations = 2.0 * Arithmetic.multiplyAdds(spec(Precision.FP32, 1));
  }

  /**
   * @param given a weight file, or null: the card's own where Graft brings them along, else random
   *     ones (He initialisation, batch norm calibrated on the pictures)
   */
  static BenchBackbone of(String name, Path given, List<byte[]> pictures) throws IOException {
    BackboneCard card = BenchCards.card(name);
    float[][] inputs = inputs(card, pictures);
    if (given != null) {
      return new BenchBackbone(
          name, card.withWeights(given.getFileName().toString()), given, false, inputs);
    }
    if (card.weights().sources().stream().allMatch(source -> source.startsWith("classpath:"))) {
      return new BenchBackbone(name, card, own(card), false, inputs);
    }
    Path file = Files.createTempFile("graft-bench-", ".safetensors");
    file.toFile().deleteOnExit();
    BackboneCard random = RandomWeights.write(card, calibration(inputs), SEED, file);
    return new BenchBackbone(name, random, file, true, inputs);
  }

  private static float[][] inputs(BackboneCard card, List<byte[]> pictures) {
    ImagePreprocessor preprocessor = preprocessor(card);
    List<float[]> inputs = new ArrayList<>();
    for (byte[] picture : pictures) {
      inputs.add(tensor(preprocessor, picture));
    }
    return inputs.toArray(new float[0][]);
  }

  private static float[][] calibration(float[][] inputs) {
    return Arrays.copyOf(inputs, Math.min(inputs.length, CALIBRATION));
  }

  private static Path own(BackboneCard card) throws IOException {
    Map<String, String> environment = System.getenv();
    return new PublishedWeights(
            Downloads.of(environment), Patience.DEFAULT, Progress.NONE, environment)
        .get(card.weights().source());
  }

  /** As a job decodes. */
  static ImageDecoder decoder(BackboneCard card) {
    return PictureDecoder.of(MAX_PIXELS, card.preprocessing().alpha(), JpegScaling.NONE);
  }

  static ImagePreprocessor preprocessor(BackboneCard card) {
    return new ImagePreprocessor(decoder(card), card.preprocessing());
  }

  static float[] tensor(ImagePreprocessor preprocessor, byte[] picture) {
    try {
      return preprocessor.tensor(picture);
    } catch (RejectedException e) {
      throw new IllegalStateException("a picture to measure with cannot be decoded", e);
    }
  }

  String name() {
    return name;
  }

  BackboneCard card() {
    return card;
  }

  /** For one sample: two for each multiplication with its addition. */
  double operations() {
    return operations;
  }

  Backbone load(BenchEngine engine, String precision, int batch) throws IOException {
    return engine.loader().load(spec(precision(precision, batch), batch));
  }

  BackboneChoice choice(BenchEngine engine, String precision, int batch) throws IOException {
    return new BackboneChoice(
        spec(precision(precision, batch), batch),
        engine.loader(),
        Sha256.of(weights),
        JpegScaling.NONE);
  }

  private BackboneSpec spec(Precision precision, int batch) {
    return new BackboneSpec(
        card, card.defaultCut(), card.cut(card.defaultCut()).pooling(), batch, weights, precision);
  }

  /** The ranges for int8 are measured on the pictures, once. */
  private Precision precision(String precision, int batch) throws IOException {
    if (!precision.equals("int8")) {
      return Precision.of(precision);
    }
    if (int8 == null) {
      BackboneSpec fp32 = spec(Precision.FP32, batch);
      int8 = Precision.int8(OnnxBackboneLoader.calibrate(fp32, Arrays.asList(inputs)));
    }
    return int8;
  }

  /** {@code [n][channels x height x width]}: the pictures, again and again. */
  float[][] batch(int n) {
    float[][] batch = new float[n][];
    for (int i = 0; i < n; i++) {
      batch[i] = inputs[i % inputs.length];
    }
    return batch;
  }

  /** Removes the weights that were made for this. */
  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.deleteIfExists(weights);
    }
  }
}
