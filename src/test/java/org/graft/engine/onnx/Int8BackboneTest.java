package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.image.ImageIoDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed weights on the quickstart's pictures. */
class Int8BackboneTest {
  private static final BackboneCard CARD = BackboneCatalog.card("mobilenetv2.coco");
  private static final int EACH = 24;

  @TempDir Path folder;

  private BackboneSpec spec() throws IOException {
    Path weights = folder.resolve("mobilenetv2.coco.safetensors");
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
      Files.copy(in, weights);
    }
    return new BackboneSpec(CARD, "avgpool", Pooling.AVG, 8, weights, Precision.FP32);
  }

  /** Evenly from all folders; the first half is other pictures than the second. */
  private static List<float[]> pictures() throws IOException, RejectedException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(Path.of("conf", "quickstart", "pictures"))) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    ImagePreprocessor preprocessor =
        new ImagePreprocessor(
            new ImageIoDecoder(1_000_000L, CARD.preprocessing().alpha()), CARD.preprocessing());
    List<float[]> pictures = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < EACH; i++) {
        Path file = files.get(i * files.size() / EACH + 5 * half);
        pictures.add(preprocessor.tensor(Files.readAllBytes(file)));
      }
    }
    return pictures;
  }

  @Test
  void staysNearFloat32OnPicturesThatItWasNotCalibratedOn() throws IOException, RejectedException {
    List<float[]> pictures = pictures();
    BackboneSpec fp32 = spec();
    ActivationRanges ranges = OnnxBackboneLoader.calibrate(fp32, pictures.subList(0, EACH));
    List<Double> cosines = new ArrayList<>();
    try (Backbone exact = new OnnxBackboneLoader().load(fp32);
        Backbone int8 = new OnnxBackboneLoader().load(fp32.withPrecision(Precision.int8(ranges)))) {
      for (float[] picture : pictures.subList(EACH, 2 * EACH)) {
        float[][] one = {picture};
        cosines.add(QuantizerTest.cosine(exact.features(one)[0], int8.features(one)[0]));
      }
    }
    double mean = cosines.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double least = cosines.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    assertTrue(mean > 0.998 && least > 0.99, "cosine mean " + mean + ", least " + least);
    assertTrue(mean < 1, "int8 is not what ran");
  }
}
