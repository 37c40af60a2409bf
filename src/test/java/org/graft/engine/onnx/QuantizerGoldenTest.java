package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against onnxruntime's Python {@code quantize_static}; see src/test/golden/int8/generate.py. */
class QuantizerGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/int8");

  private record Weights(List<Float> scales, List<Integer> values) {}

  private record Golden(
      List<Integer> calibration,
      List<Integer> test,
      Map<String, List<Float>> ranges,
      Map<String, List<Float>> activations,
      Map<String, Weights> weights,
      Map<String, List<Integer>> biases,
      List<List<Float>> fp32,
      List<List<Float>> int8) {}

  private static Golden golden;
  private static OnnxModel fp32;

  @BeforeAll
  static void read() throws IOException {
    Path json = FOLDER.resolve("small.json");
    golden = Json.read(Files.readAllBytes(json), Golden.class, json.toString());
    fp32 = new OnnxModel(ModelProto.parseFrom(Files.readAllBytes(FOLDER.resolve("small.onnx"))));
  }

  private static float[][] inputs(List<Integer> seeds) {
    return seeds.stream().map(seed -> GoldenInput.of(seed, 3 * 8 * 8)).toArray(float[][]::new);
  }

  private static OnnxModel quantized() {
    Map<String, Range> ranges = new TreeMap<>();
    for (String tensor : new QuantizationPlan(fp32.proto().getGraph()).tensors()) {
      List<Float> range = golden.ranges().get(tensor);
      ranges.put(tensor, new Range(range.get(0), range.get(1)));
    }
    return Quantizer.quantize(fp32, ActivationRanges.of(golden.calibration().size(), ranges));
  }

  private static Map<String, TensorProto> constants(OnnxModel model) {
    return model.proto().getGraph().getInitializerList().stream()
        .collect(Collectors.toMap(TensorProto::getName, Function.identity()));
  }

  private static ByteBuffer data(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void seesTheSameExtents() {
    Calibrator seen = Calibrator.of(fp32, List.of(inputs(golden.calibration())));
    assertEquals(
        List.of("input", "/stem", "/depthwise", "/project", "/add", "/dilated", "/fc1"),
        List.copyOf(seen.histograms().keySet()));
    seen.histograms()
        .forEach(
            (tensor, values) -> {
              List<Float> range = golden.ranges().get(tensor);
              assertEquals(range.get(0), values.extent().min(), 1e-5f, tensor);
              assertEquals(range.get(1), values.extent().max(), 1e-5f, tensor);
            });
  }

  @Test
  void scalesActivationsAlike() {
    Map<String, TensorProto> constants = constants(quantized());
    for (String tensor : new QuantizationPlan(fp32.proto().getGraph()).tensors()) {
      List<Float> expected = golden.activations().get(tensor);
      float scale = data(constants.get(tensor + ":bytes.scale")).getFloat();
      assertEquals(expected.get(0), scale, 1e-7 * scale, tensor);
      int zero = Byte.toUnsignedInt(data(constants.get(tensor + ":bytes.zero")).get());
      assertEquals(expected.get(1).intValue(), zero, tensor);
    }
  }

  @Test
  void writesTheSameIntegers() {
    Map<String, TensorProto> constants = constants(quantized());
    golden
        .weights()
        .forEach(
            (name, expected) -> {
              ByteBuffer bytes = data(constants.get(name + ":bytes"));
              int[] got = new int[bytes.remaining()];
              for (int i = 0; i < got.length; i++) {
                got[i] = bytes.get();
              }
              assertArrayEquals(ints(expected.values()), got, name);
              ByteBuffer scales = data(constants.get(name + ":bytes.scale"));
              expected.scales().forEach(s -> assertEquals(s, scales.getFloat(), 1e-7 * s, name));
            });
    golden
        .biases()
        .forEach(
            (name, expected) -> {
              int[] got = new int[expected.size()];
              data(constants.get(name + ":bytes")).asIntBuffer().get(got);
              for (int i = 0; i < got.length; i++) {
                assertEquals(expected.get(i), got[i], 1, name);
              }
            });
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void givesTheSameFeatures() {
    assertFeatures(golden.fp32(), fp32, 1e-5f);
    assertFeatures(golden.int8(), quantized(), 1e-5f);
  }

  private static void assertFeatures(List<List<Float>> expected, OnnxModel model, float tolerance) {
    float[][] inputs = inputs(golden.test());
    try (OnnxSession session = new OnnxSession(model, inputs.length)) {
      float[][] got = session.run(inputs).get(OnnxNetwork.FEATURES);
      for (int i = 0; i < got.length; i++) {
        for (int j = 0; j < got[i].length; j++) {
          assertEquals(expected.get(i).get(j), got[i][j], tolerance);
        }
      }
    }
  }
}
