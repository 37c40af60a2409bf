package org.graft.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.engine.dl4j.TestBackbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a {@link Backbone} promises, whichever engine runs it. */
public abstract class BackboneContract {
  private static final Input SMALL = new Input(3, 32, 32);
  private static final int BATCH = 8;

  /** A network on formula weights. */
  protected abstract Backbone backbone(
      String architecture, String cut, Input input, Pooling pooling, int batch) throws IOException;

  private Backbone small(Pooling pooling, int batch) throws IOException {
    return backbone("vgg16", "block3_pool", SMALL, pooling, batch);
  }

  @Test
  void givesTheSameBitsToManyThreadsAsToOne() throws Exception {
    float[][] inputs = TestBackbones.inputs(24, SMALL.length());
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try (Backbone backbone = small(Pooling.AVG, 4)) {
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
    try (Backbone backbone = small(Pooling.MAX, 19)) {
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
    try (Backbone none = small(Pooling.NONE, 1);
        Backbone mean = small(Pooling.AVG, 1);
        Backbone max = small(Pooling.MAX, 1)) {
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
  void refusesWorkOnceClosed() throws IOException {
    Backbone backbone = small(Pooling.AVG, 1);
    backbone.close();
    backbone.close();
    float[][] input = TestBackbones.inputs(1, SMALL.length());
    assertThrows(IllegalStateException.class, () -> backbone.features(input));
  }

  /** A sample's features are its own: the same bits at every place of a batch, beside anything. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v2_tf, avgpool, 96",
    "mobilenet_v3_small_tf, fc1, 32",
    "efficientnet_b0, avgpool, 32",
    "resnet50_v1.5, avgpool, 32",
    "resnet50_v1, conv4_block2_out, 32",
    "vgg16, fc2, 32"
  })
  void neighboursDoNotMatter(String architecture, String cut, int size) throws IOException {
    Input input = new Input(3, size, size);
    try (Backbone backbone = backbone(architecture, cut, input, Pooling.AVG, BATCH)) {
      float[] sample = GoldenInput.of(1, input.length());
      float[] alone = backbone.features(new float[][] {sample})[0];
      assertTrue(IntStream.range(0, alone.length).anyMatch(i -> alone[i] > 0), "weak test");
      for (int place = 0; place < BATCH; place++) {
        float[][] batch = crowd(place, input);
        batch[place] = sample;
        assertArrayEquals(alone, backbone.features(batch)[place], "at " + place);
      }
    }
  }

  /** Zeros, noise and what is no number, each time in another order. */
  private static float[][] crowd(int turn, Input input) {
    float[][] crowd = {
      filled(input, 0),
      GoldenInput.of(2, input.length()),
      filled(input, Float.NaN),
      GoldenInput.of(3, input.length()),
      filled(input, Float.POSITIVE_INFINITY),
      filled(input, 1e30f),
      GoldenInput.of(4, input.length()),
      filled(input, Float.NaN)
    };
    Collections.rotate(Arrays.asList(crowd), turn);
    return crowd;
  }

  private static float[] filled(Input input, float value) {
    float[] values = new float[input.length()];
    Arrays.fill(values, value);
    return values;
  }

  /** Memory off the heap counts: it is most of what a network takes. */
  @Test
  void doesNotGrow() throws IOException {
    Input input = new Input(3, 8, 8);
    float[][] batch = TestBackbones.inputs(2, input.length());
    try (Backbone backbone = backbone("vgg16", "block1_pool", input, Pooling.NONE, 2)) {
      ResidentMemory.assertDoesNotGrow(10_000, () -> backbone.features(batch));
    }
  }
}
