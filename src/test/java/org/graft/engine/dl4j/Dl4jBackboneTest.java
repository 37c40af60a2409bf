package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.engine.BackboneContract;
import org.junit.jupiter.api.Test;

class Dl4jBackboneTest extends BackboneContract {
  @Override
  protected Backbone backbone(
      String architecture, String cut, Input input, Pooling pooling, int batch) throws IOException {
    return TestBackbones.formula(architecture, cut, input, pooling, batch);
  }

  @Test
  void finishesWhenInterruptedAndSaysSo() throws IOException {
    Input small = new Input(3, 32, 32);
    float[][] input = {GoldenInput.of(100, small.length())};
    try (Backbone backbone = backbone("vgg16", "block3_pool", small, Pooling.AVG, 1)) {
      float[] before = backbone.features(input)[0];
      Thread.currentThread().interrupt();
      float[] interrupted = backbone.features(input)[0];
      assertTrue(Thread.interrupted());
      assertArrayEquals(before, interrupted);
    }
  }
}
