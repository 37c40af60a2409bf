package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxGraph.Dialect;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against the formulas in numpy: src/test/golden/int8/tokens.py. */
class TokenQuantizerTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Golden(
      float[][] tokens, float[][] weights, float[] bias, int[][] bytes, float[][] product) {}

  private static final int IN = 24;
  private static final int OUT = 7;
  private static Golden golden;

  @BeforeAll
  static void read() throws IOException {
    Path file = Path.of("src/test/resources/golden/int8/tokens.json");
    golden = Json.read(Files.readAllBytes(file), Golden.class, file.toString());
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  /** One product of tokens {@code [N][tokens][24]}. */
  private static ModelProto product(Dialect dialect) {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES, dialect);
    graph.input(OnnxNetwork.INPUT, golden.tokens().length, IN);
    String weights = graph.constant("w", new long[] {IN, OUT}, flat(golden.weights()));
    String product = graph.node("MatMul", "y", List.of(OnnxNetwork.INPUT, weights));
    graph.output(OnnxNetwork.FEATURES, product, golden.tokens().length, OUT);
    return graph.model("test", Map.of());
  }

  private static float[][] run(OnnxModel model, float[]... inputs) {
    try (OnnxSession session = new OnnxSession(model, inputs.length)) {
      return session.run(inputs).get(OnnxNetwork.FEATURES);
    }
  }

  private static void near(float[] expected, float[] got) {
    assertEquals(expected.length, got.length);
    for (int i = 0; i < got.length; i++) {
      assertEquals(expected[i], got[i], 1e-6f + 1e-5f * Math.abs(expected[i]));
    }
  }

  @Test
  void tokensAndColumnsHaveStepsOfTheirOwn() {
    for (Dialect dialect : Dialect.values()) {
      OnnxModel int8 = TokenQuantizer.quantize("small", product(dialect));
      near(flat(golden.product()), run(int8, flat(golden.tokens()))[0]);
    }
  }

  @Test
  void aDenseLayerWithItsWeightsTurnedIsTheSameProduct() {
    float[] turned = new float[OUT * IN];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = golden.weights()[i % IN][i / IN];
    }
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    graph.input(OnnxNetwork.INPUT, IN);
    long[] shape = {OUT, IN};
    String y = DenseLayers.gemm(graph, "y", OnnxNetwork.INPUT, shape, turned, golden.bias());
    graph.output(OnnxNetwork.FEATURES, y, OUT);
    OnnxModel int8 = TokenQuantizer.quantize("small", graph.model("test", Map.of()));
    float[][] got = run(int8, golden.tokens());
    for (int token = 0; token < got.length; token++) {
      float[] expected = golden.bias().clone();
      for (int i = 0; i < OUT; i++) {
        expected[i] += golden.product()[token][i];
      }
      near(expected, got[token]);
    }
  }

  /** Without VNNI the weights are unsigned: the same numbers, by which the sums are exact there. */
  @Test
  void processorsThatOverflowGetTheSameBits() {
    float[][] signed = run(model(true), flat(golden.tokens()));
    assertArrayEquals(signed, run(model(false), flat(golden.tokens())));
    near(flat(golden.product()), signed[0]);
  }

  private static OnnxModel model(boolean exact) {
    ModelProto fp32 = product(Dialect.PICTURES);
    QuantizedGraph graph = new QuantizedGraph(fp32.getGraph());
    TensorProto weights = fp32.getGraph().getInitializer(0);
    TokenBytes bytes = new TokenBytes(graph, false, exact);
    bytes.weights(weights, false);
    bytes.product("y", OnnxNetwork.INPUT, weights.getName(), false);
    graph.node("Identity", OnnxNetwork.FEATURES, List.of("y"));
    return new OnnxModel(TokenQuantizer.withProducts(fp32.toBuilder().setGraph(graph.build())));
  }

  @Test
  void floatsThatNobodyReadsAreGone() {
    ModelProto int8 = TokenQuantizer.quantize("small", product(Dialect.PICTURES)).proto();
    assertTrue(
        int8.getGraph().getInitializerList().stream()
            .noneMatch(constant -> constant.getName().equals("w")));
  }

  @Test
  void whatHasNothingToQuantiseIsRefused() {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    graph.input(OnnxNetwork.INPUT, IN);
    graph.output(OnnxNetwork.FEATURES, OnnxNetwork.INPUT, IN);
    ModelProto copying = graph.model("test", Map.of());
    assertEquals(
        "Cannot run small in int8: it has no product with constant weights up to the cut. Set precision: fp32.",
        assertThrows(UserError.class, () -> TokenQuantizer.quantize("small", copying))
            .getMessage());
    ModelProto int8 = TokenQuantizer.quantize("small", product(Dialect.PICTURES)).proto();
    assertEquals(
        "Cannot run small in int8: its file is quantised already, and runs as it is. Set precision: fp32.",
        assertThrows(UserError.class, () -> TokenQuantizer.quantize("small", int8)).getMessage());
    ModelProto.Builder old = product(Dialect.PICTURES).toBuilder();
    old.getOpsetImportBuilder(0).setVersion(10);
    assertEquals(
        "Cannot run small in int8: its opset is 10 (11 or newer is needed). Set precision: fp32.",
        assertThrows(UserError.class, () -> TokenQuantizer.quantize("small", old.build()))
            .getMessage());
  }
}
