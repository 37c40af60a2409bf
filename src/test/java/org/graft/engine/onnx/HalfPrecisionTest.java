package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.common.Cosine;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the processor, where ONNX Runtime casts around operators that it has in float32 only. */
class HalfPrecisionTest {
  private static final double LEAST_COSINE = 0.9999;

  @TempDir static Path folder;

  private static BackboneSpec spec(String name, String cut, Pooling pooling, String resource)
      throws IOException {
    BackboneCard card = BackboneCatalog.card(name);
    Path file = folder.resolve(card.weights().file());
    if (!Files.exists(file)) {
      try (InputStream in = BackboneCatalog.class.getResourceAsStream(resource)) {
        Files.copy(in, file);
      }
    }
    return new BackboneSpec(card, cut, pooling, 4, file, Precision.FP32);
  }

  @Test
  void aPublishedNetworkForPicturesKeepsItsFeatures() throws IOException {
    BackboneSpec spec =
        spec(
            "mobilenetv2.coco",
            BackboneCatalog.card("mobilenetv2.coco").defaultCut(),
            Pooling.AVG,
            "weights/mobilenetv2.coco.safetensors");
    OnnxModel model =
        Dl4jBackboneLoader.onGraph(
            spec, graph -> OnnxNetwork.compile(graph, spec.card().input(), Pooling.AVG, "test"));
    OnnxModel narrow = HalfPrecision.of(model);
    assertTrue(narrow.bytes().length < 0.55 * model.bytes().length);
    assertTrue(
        narrow.proto().getGraph().getInitializerList().stream()
            .noneMatch(tensor -> tensor.getDataType() == DataType.FLOAT.getNumber()));
    try (Backbone exact = new OnnxBackbone(model, 4, Execution.CPU);
        Backbone half = new OnnxBackbone(narrow, 4, Execution.CPU)) {
      float[][] inputs = {
        GoldenInput.of(1, exact.inputLength()), GoldenInput.of(2, exact.inputLength())
      };
      float[][] got = half.features(inputs);
      float[][] wanted = exact.features(inputs);
      for (int i = 0; i < inputs.length; i++) {
        double cosine = Cosine.of(wanted[i], got[i]);
        assertTrue(cosine >= LEAST_COSINE, () -> "cosine " + cosine);
        assertFalse(Arrays.equals(wanted[i], got[i]), "nothing was rounded");
      }
      assertArrayEquals(got[1], half.features(new float[][] {inputs[1]})[0], "beside a neighbour");
    }
  }

  @Test
  void aPublishedNetworkForTextsKeepsItsFeatures() throws IOException {
    BackboneSpec spec =
        spec(
            "minilm_l6.st",
            "layer6",
            Pooling.AVG,
            "/" + BackboneCatalog.card("minilm_l6.st").weights().file());
    try (Backbone exact = TextBackbone.open(spec, Execution.CPU);
        Backbone half = TextBackbone.open(spec.withPrecision(Precision.FP16), Execution.CPU)) {
      float[][] texts = TextProbe.alike(3);
      for (int i = 0; i < texts.length; i++) {
        double cosine = Cosine.of(exact.features(texts)[i], half.features(texts)[i]);
        assertTrue(cosine >= LEAST_COSINE, () -> "cosine " + cosine);
      }
      NarrowCheck.of(spec, exact, half);
    }
  }

  @Test
  void runsOfOneShapeGiveTheSameFeatures() throws IOException {
    BackboneSpec spec =
        spec(
            "minilm_l6.st",
            "layer6",
            Pooling.AVG,
            "/" + BackboneCatalog.card("minilm_l6.st").weights().file());
    try (Backbone free = TextBackbone.open(spec, Execution.CPU);
        Backbone padded =
            TextBackbone.open(spec, OnnxFile.read(spec.weights()), Execution.CPU, true)) {
      float[][] texts = {TextProbe.alike(1)[0], {101, 7, 102}, {101, 9, 102}, {101, 102}};
      float[][] wanted = free.features(texts);
      float[][] got = padded.features(texts);
      for (int i = 0; i < texts.length; i++) {
        assertArrayEquals(wanted[i], got[i]);
      }
      assertEquals(4, got.length);
    }
  }

  private static OnnxGraph graph() {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    graph.input(OnnxNetwork.INPUT, 1, 2, 2);
    return graph;
  }

  /** The bits are numpy's: numpy.float16(x).view(numpy.uint16). */
  @Test
  void constantsAreRoundedToTheNearestAndLargeOnesStayNumbers() {
    OnnxGraph graph = graph();
    graph.constant(
        "c", new long[] {7}, new float[] {1f / 3, -1f / 3, 2049, 2051, 6e-8f, 1e-8f, -3e38f});
    graph.output(OnnxNetwork.FEATURES, OnnxNetwork.INPUT, 1, 2, 2);
    TensorProto half = HalfPrecision.of(graph.model("test")).proto().getGraph().getInitializer(0);
    short[] bits = new short[7];
    half.getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(bits);
    assertArrayEquals(
        new short[] {0x3555, (short) 0xb555, 0x6800, 0x6802, 0x0001, 0, (short) 0xfbff}, bits);
    assertEquals(DataType.FLOAT16.getNumber(), half.getDataType());
  }

  @Test
  void whatMustBeFloatStaysFloat() {
    OnnxGraph graph = graph();
    graph.constant("scales", new long[] {4}, new float[] {1, 1, 2, 2});
    graph.node(
        "Resize",
        "large",
        List.of(OnnxNetwork.INPUT, "", "scales"),
        OnnxGraph.attribute("mode", "nearest"));
    graph.output(OnnxNetwork.FEATURES, "large", 1, 4, 4);
    OnnxModel half = HalfPrecision.of(graph.model("test"));
    try (OnnxSession session = new OnnxSession(half, 1)) {
      float[] got = session.run(new float[][] {{1, 2, 3, 4}}).get(OnnxNetwork.FEATURES)[0];
      assertArrayEquals(new float[] {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}, got);
    }
  }

  @Test
  void aNetworkThatOverflowsIsRefused() throws IOException {
    OnnxGraph graph = graph();
    graph.constant("large", new long[] {1}, new float[] {60000});
    graph.node("Mul", "much", List.of(OnnxNetwork.INPUT, "large"));
    graph.node("Mul", "more", List.of("much", "large"));
    graph.node("Flatten", "flat", List.of("more"));
    graph.output(OnnxNetwork.FEATURES, "flat", 4);
    OnnxModel model = graph.model("test");
    BackboneSpec spec =
        spec("mobilenetv2.coco", "avgpool", Pooling.AVG, "weights/mobilenetv2.coco.safetensors")
            .withPrecision(Precision.FP16);
    try (Backbone exact = new OnnxBackbone(model, 1, Execution.CPU);
        Backbone half = new OnnxBackbone(HalfPrecision.of(model), 1, Execution.CPU)) {
      String said =
          assertThrows(UserError.class, () -> NarrowCheck.of(spec, exact, half)).getMessage();
      assertTrue(
          said.startsWith(
              "Cannot run mobilenetv2.coco in fp16: its features are not those of fp32 (cosine NaN"),
          said);
    }
  }

  @Test
  void subgraphsAreNamedAsWhatIsInTheWay() {
    OnnxGraph graph = graph();
    graph.output(OnnxNetwork.FEATURES, OnnxNetwork.INPUT, 1, 2, 2);
    OnnxModel plain = graph.model("test");
    assertTrue(HalfPrecision.problem(plain).isEmpty());
    var builder = plain.proto().toBuilder();
    builder
        .getGraphBuilder()
        .addNode(NodeProto.newBuilder().setOpType("QuantizeLinear").addOutput("q"));
    assertEquals(
        "its file is quantised already",
        HalfPrecision.problem(new OnnxModel(builder.build())).orElseThrow());
  }

  @Test
  void aProcessorIsNotAskedToComputeInIt() throws IOException {
    BackboneSpec spec =
        spec("mobilenetv2.coco", "avgpool", Pooling.AVG, "weights/mobilenetv2.coco.safetensors");
    for (Precision precision : List.of(Precision.FP16, Precision.TF32)) {
      String said =
          assertThrows(
                  UserError.class,
                  () -> new OnnxBackboneLoader().load(spec.withPrecision(precision)))
              .getMessage();
      assertEquals(
          "Cannot run mobilenetv2.coco in %s: only cards compute in it. Set precision or backbone.device."
              .formatted(precision.name()),
          said);
    }
  }
}
