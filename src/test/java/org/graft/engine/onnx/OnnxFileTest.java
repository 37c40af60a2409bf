package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.engine.onnx.OnnxFiles.Golden;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of other programs against ONNX Runtime's Python, at tensors anywhere inside. */
class OnnxFileTest {
  static Stream<Arguments> tensors() {
    return OnnxFiles.GOLDEN.networks().entrySet().stream()
        .flatMap(
            network ->
                network.getValue().keySet().stream()
                    .map(tensor -> arguments(network.getKey(), tensor)));
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void givesWhatTheFileSaysAtEveryTensorUnderEveryPooling(String network, String tensor)
      throws IOException {
    Golden.Tensor golden = OnnxFiles.GOLDEN.networks().get(network).get(tensor);
    float[][] inputs = {
      GoldenInput.of(3, 3 * 32 * 32), input(network), GoldenInput.of(4, 3 * 32 * 32)
    };
    for (Pooling pooling : EnumSet.complementOf(EnumSet.of(Pooling.LAST))) { // that is for texts
      try (Backbone backbone =
          new OnnxBackboneLoader().load(OnnxFiles.spec(network, tensor, pooling, 3))) {
        float[] expected = pooled(golden, pooling);
        assertEquals(expected.length, backbone.width());
        float[] got = backbone.features(inputs)[1];
        assertArrayEquals(expected, got, tolerance(network) * largest(expected), pooling.name());
      }
    }
  }

  /** Integer sums are exact, but a number on the edge may round to the neighbouring byte. */
  private static float tolerance(String network) {
    return List.of("static", "dynamic").contains(network) ? 0.02f : 1e-5f;
  }

  private static float[] input(String network) {
    float[] input = GoldenInput.of(OnnxFiles.GOLDEN.seed(), 3 * 32 * 32);
    for (int i = 0; network.equals("pixels") && i < input.length; i++) {
      input[i] = (float) Math.floor((input[i] + 1) * 127.5);
    }
    return input;
  }

  private static float[] pooled(Golden.Tensor golden, Pooling pooling) {
    int channels = golden.shape().get(0);
    int positions = golden.values().size() / channels;
    if (pooling == Pooling.NONE) {
      return floats(golden.values());
    }
    float[] pooled = new float[channels];
    for (int c = 0; c < channels; c++) {
      List<Double> values = golden.values().subList(c * positions, (c + 1) * positions);
      pooled[c] =
          (float)
              switch (pooling) {
                case AVG -> values.stream().mapToDouble(v -> v).average().orElseThrow();
                case MAX -> values.stream().mapToDouble(v -> v).max().orElseThrow();
                default -> values.get(0);
              };
    }
    return pooled;
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
