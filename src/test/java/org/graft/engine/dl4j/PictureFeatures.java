package org.graft.engine.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.Precision;
import org.graft.common.Json;
import org.graft.image.ImageIoDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.sample.RejectedException;

/**
 * What a reference implementation gives for a picture file.
 *
 * @param picture its name, beside this file or in the quickstart
 * @param features under the cut's default pooling
 */
record PictureFeatures(Path folder, String picture, String cut, List<Float> features) {
  private record Written(String picture, String cut, List<Float> features) {}

  static PictureFeatures read(Path json) throws IOException {
    Written written = Json.read(Files.readAllBytes(json), Written.class, json.toString());
    return new PictureFeatures(
        json.toAbsolutePath().getParent(), written.picture(), written.cut(), written.features());
  }

  /** The cosine between these features and those that Graft extracts from the file. */
  double cosine(BackboneCard card, Path weights) throws IOException {
    ImagePreprocessor preprocessor =
        new ImagePreprocessor(
            new ImageIoDecoder(100_000_000L, card.preprocessing().alpha()), card.preprocessing());
    BackboneSpec spec =
        new BackboneSpec(card, cut, card.cut(cut).pooling(), 1, weights, Precision.FP32);
    try (Backbone backbone = new Dl4jBackboneLoader().load(spec)) {
      float[] input = preprocessor.tensor(Files.readAllBytes(folder.resolve(picture)));
      return cosine(backbone.features(new float[][] {input})[0]);
    } catch (RejectedException e) {
      throw new IllegalStateException(picture, e);
    }
  }

  private double cosine(float[] got) {
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < got.length; i++) {
      dot += (double) got[i] * features.get(i);
      a += (double) got[i] * got[i];
      b += (double) features.get(i) * features.get(i);
    }
    return dot / Math.sqrt(a * b);
  }
}
