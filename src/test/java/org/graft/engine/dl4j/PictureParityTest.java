package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.graft.backbone.BackboneCatalog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a picture file to features with genuine weights: Pillow and ONNX Runtime are the reference
 * ({@code src/test/golden/networks/picture_features.py}).
 */
class PictureParityTest {
  private static final Path WEIGHTS =
      Path.of("src/main/resources/org/graft/backbone/weights/mobilenetv2.coco.safetensors");

  @ParameterizedTest
  @ValueSource(strings = {"fruit", "mammals", "photo"})
  void featuresOfAFileEqualTheReference(String name) throws IOException {
    double cosine =
        PictureFeatures.read(Path.of("src/test/resources/golden/networks/pictures", name + ".json"))
            .cosine(BackboneCatalog.card("mobilenetv2.coco"), WEIGHTS);
    assertTrue(cosine >= 0.9999, () -> name + ": cosine " + cosine);
  }
}
