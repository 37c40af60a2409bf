package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.junit.jupiter.api.Test;

class Dl4jBackboneTest {
  private static final Input SMALL = new Input(3, 32, 32);

  private static Dl4jBackbone small(Pooling pooling, int batch) throws IOException {
    return TestBackbones.formula("vgg16", "block3_pool", SMALL, pooling, batch);
  }

  @Test
  void givesTheSameBitsToManyThreadsAsToOne() throws Exception {
    float[][] inputs = TestBackbones.inputs(24, SMALL.length());
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try (Dl4jBackbone backbone = small(Pooling.AVG, 4)) {
      float[][] alone = new float[inputs.length][];
      for (int i = 0; i < inputs.length; i++) {
        alone[i] = backbone.features(new float[][] {inputs[i]})[0];
      }
      List<Future<float[][]>> together = new ArrayList<>();
      for (int i = 0; i < inputs.length; i += 4) {
        float[][] batch = Arrays.copyOfRange(inputs, i, i + 4);
        together.add(threads.submit(() -> backbone.features(batch)));
      }
      for (int i = 0; i < inputs.length; i++) {
        assertArrayEquals(alone[i], together.get(i / 4).get()[i % 4]);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void takesBatchesOfAnySizeUpToItsOwn() throws IOException {
    float[][] inputs = TestBackbones.inputs(19, SMALL.length());
    try (Dl4jBackbone backbone = small(Pooling.MAX, 19)) {
      float[][] all = backbone.features(inputs);
      assertEquals(19, all.length);
      for (int n : new int[] {1, 7, 8, 9, 17}) {
        float[][] some = backbone.features(Arrays.copyOf(inputs, n));
        assertArrayEquals(Arrays.copyOf(all, n), some);
      }
      assertThrows(IllegalArgumentException.class, () -> backbone.features(new float[0][]));
      assertThrows(IllegalArgumentException.class, () -> backbone.features(new float[20][]));
      assertThrows(IllegalArgumentException.class, () -> backbone.features(new float[1][7]));
    }
  }

  @Test
  void poolsByMeanByMaximumOrNotAtAll() throws IOException {
    float[][] input = TestBackbones.inputs(1, SMALL.length());
    try (Dl4jBackbone none = small(Pooling.NONE, 1);
        Dl4jBackbone mean = small(Pooling.AVG, 1);
        Dl4jBackbone max = small(Pooling.MAX, 1)) {
      assertEquals(256 * 4 * 4, none.width());
      assertEquals(256, mean.width());
      assertEquals(256, max.width());
      float[] all = none.features(input)[0];
      for (int channel = 0; channel < 256; channel++) {
        double sum = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 16 * channel; i < 16 * (channel + 1); i++) {
          sum += all[i];
          largest = Math.max(largest, all[i]);
        }
        assertEquals(sum / 16, mean.features(input)[0][channel], 1e-6);
        assertEquals(largest, max.features(input)[0][channel]);
      }
    }
  }

  @Test
  void finishesWhenInterruptedAndSaysSo() throws IOException {
    float[][] input = TestBackbones.inputs(1, SMALL.length());
    try (Dl4jBackbone backbone = small(Pooling.AVG, 1)) {
      float[] before = backbone.features(input)[0];
      Thread.currentThread().interrupt();
      float[] interrupted = backbone.features(input)[0];
      assertTrue(Thread.interrupted());
      assertArrayEquals(before, interrupted);
    }
  }

  @Test
  void refusesWorkOnceClosed() throws IOException {
    Dl4jBackbone backbone = small(Pooling.AVG, 1);
    backbone.close();
    backbone.close();
    float[][] input = TestBackbones.inputs(1, SMALL.length());
    assertThrows(IllegalStateException.class, () -> backbone.features(input));
  }
}
