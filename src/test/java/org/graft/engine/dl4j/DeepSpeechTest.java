package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.engine.WeightFiles;
import org.graft.weights.Tensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small DeepSpeech from a checkpoint that TensorFlow wrote; its layers reach the clip. */
class DeepSpeechTest {
  private static final Input INPUT = new Input(494, 1, 7);

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  private static Path checkpoint() {
    try {
      return Path.of(
          DeepSpeechTest.class.getResource("/golden/weights/deepspeech/best_dev-1.index").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FrozenNetwork network(int width, String cut) throws IOException {
    try (Tensors tensors = WeightFiles.open(checkpoint())) {
      return FrozenNetwork.of(new DeepSpeech(width), cut, INPUT, tensors, "best_dev-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer_1", "layer_2", "layer_3", "lstm", "layer_5"})
  void givesTensorFlowsFeatures(String cut) throws IOException {
    FrozenNetwork frozen = network(8, cut);
    float[] got = GoldenFeatures.dl4j(frozen.graph(), INPUT, GoldenInput.of(5, INPUT.length()));
    frozen.parameters().close();
    Map<?, ?> golden = (Map<?, ?>) features().get(cut);
    List<?> wanted = (List<?>) golden.get("values");
    assertEquals(1, golden.get("step"));
    assertEquals(wanted.size(), got.length);
    for (int i = 0; i < got.length; i++) {
      double value = ((Number) wanted.get(i)).doubleValue();
      assertEquals(value, got[i], 2e-4, "value " + i); // of 20
    }
  }

  private static Map<String, Object> features() throws IOException {
    String name = "/golden/weights/deepspeech/features.json";
    try (InputStream in = DeepSpeechTest.class.getResourceAsStream(name)) {
      return Json.readMap(in.readAllBytes(), name);
    }
  }

  @Test
  void weightsOfAnotherSizeAreRefused() {
    UserError e = assertThrows(UserError.class, () -> network(16, "lstm"));
    assertTrue(e.getMessage().contains("layer_1/weights"), e.getMessage());
  }
}
