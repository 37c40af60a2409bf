package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.UserError;
import org.graft.engine.dl4j.ChannelNorm;
import org.graft.engine.dl4j.ChannelScale;
import org.graft.engine.dl4j.ErfGelu;
import org.graft.engine.dl4j.TestBackbones;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;

class QuantizerTest {
  private static final Input INPUT = new Input(3, 16, 16);
  private static final int BATCH = 4;

  /** Squeeze and excitation, swish and the hard functions. */
  @ParameterizedTest
  @CsvSource({"efficientnet_b0, avgpool", "mobilenet_v3_large, fc1"})
  void gatedNetworksStayNearFloat32(String architecture, String cut) throws IOException {
    Input input = new Input(3, 64, 64);
    ComputationGraph graph = TestBackbones.formulaGraph(architecture, cut, input);
    OnnxModel fp32 = OnnxNetwork.compile(graph, input, "test");
    float[][] inputs = TestBackbones.inputs(8, input.length());
    OnnxModel int8 = Quantizer.quantize(fp32, Calibrator.ranges(fp32, List.of(inputs)));
    try (Backbone exact = new OnnxBackbone(fp32, 1, Execution.CPU);
        Backbone bytes = new OnnxBackbone(int8, 1, Execution.CPU)) {
      float[][] one = {inputs[0]};
      double cosine = cosine(exact.features(one)[0], bytes.features(one)[0]);
      assertTrue(cosine > 0.99 && cosine < 1, () -> "cosine " + cosine);
    }
  }

  private static ConvolutionLayer conv(int kernel, int width, int dilation, Activation activation) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(width)
        .dilation(dilation, dilation)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation)
        .build();
  }

  private static SubsamplingLayer pool(PoolingType type, int stride) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(2, 2)
        .stride(stride, stride)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  /** A layer of each kind that has a kernel for integers, and one (tanh) that has none. */
  private static ComputationGraph everything() {
    return RandomGraphs.initialised(
        RandomGraphs.builder(INPUT)
            .addLayer("stem", conv(3, 8, 1, Activation.IDENTITY), "in")
            .addLayer("norm", new BatchNormalization(), "stem")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
            .addLayer("max", pool(PoolingType.MAX, 2), "relu")
            .addLayer(
                "depthwise",
                new DepthwiseConvolution2D.Builder()
                    .kernelSize(3, 3)
                    .depthMultiplier(1)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.RELU6)
                    .build(),
                "max")
            .addLayer("project", conv(1, 8, 1, Activation.IDENTITY), "depthwise")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "max", "project")
            .addLayer("out", new ActivationLayer(Activation.RELU), "sum")
            .addLayer("wide", conv(3, 6, 2, Activation.IDENTITY), "out")
            .addLayer("average", pool(PoolingType.AVG, 1), "out")
            .addVertex("merge", new MergeVertex(), "wide", "average")
            .addLayer("padded", new ZeroPaddingLayer.Builder(1, 1).build(), "merge")
            .addLayer("up", new Upsampling2D.Builder(2).build(), "padded")
            .addLayer("cropped", new Cropping2D(3, 3, 4, 4), "up")
            .addLayer("leaky", conv(1, 10, 1, Activation.LEAKYRELU), "cropped")
            .addLayer("gate", conv(3, 9, 1, Activation.SIGMOID), "leaky")
            .addLayer("value", conv(1, 9, 1, Activation.TANH), "leaky")
            .addVertex(
                "product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "gate", "value")
            .addLayer("last", conv(3, 12, 1, Activation.RELU), "product")
            .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "last")
            .addLayer(
                "fc1",
                new DenseLayer.Builder().nOut(20).activation(Activation.RELU).build(),
                "pooled")
            .addLayer(
                "fc2", new DenseLayer.Builder().nOut(16).activation(Activation.RELU).build(), "fc1")
            .setOutputs("fc2"),
        11);
  }

  private static OnnxModel fp32() {
    return OnnxNetwork.compile(everything(), INPUT, "test");
  }

  /** ConvNeXt's: convolutions with a norm and a GELU between them that stay in float32. */
  private static ComputationGraph block() {
    return RandomGraphs.initialised(
        RandomGraphs.builder(INPUT)
            .addLayer("stem", conv(3, 16, 1, Activation.IDENTITY), "in")
            .addLayer("first", new ChannelNorm(1e-6), "stem")
            .addLayer(
                "depthwise",
                new DepthwiseConvolution2D.Builder()
                    .kernelSize(7, 7)
                    .padding(3, 3)
                    .depthMultiplier(1)
                    .build(),
                "first")
            .addLayer("norm", new ChannelNorm(1e-6), "depthwise")
            .addLayer("expand", conv(1, 64, 1, Activation.IDENTITY), "norm")
            .addLayer("gelu", new ActivationLayer(new ErfGelu()), "expand")
            .addLayer("project", conv(1, 16, 1, Activation.IDENTITY), "gelu")
            .addLayer("scale", new ChannelScale(), "project")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "scale")
            .addLayer("last", conv(3, 24, 1, Activation.RELU), "sum")
            .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "last")
            .setOutputs("pooled"),
        13);
  }

  @Test
  void convolutionsAreInIntegersBesideNormAndGelu() throws OrtException, IOException {
    OnnxModel fp32 = OnnxNetwork.compile(block(), INPUT, "test");
    OnnxModel int8 = int8(fp32);
    assertEquals(1, kernels(fp32).get("Gelu"));
    assertEquals(5, kernels(int8).get("QLinearConv"));
    float[][] inputs = pictures(BATCH, 2);
    float[][] exact = features(fp32, inputs);
    float[][] near = features(int8, inputs);
    for (int i = 0; i < BATCH; i++) {
      double cosine = cosine(exact[i], near[i]);
      assertTrue(cosine > 0.999 && cosine < 1, "cosine " + cosine);
    }
  }

  private static float[][] pictures(int n, long seed) {
    return RandomGraphs.pictures(n, INPUT, seed).reshape(n, INPUT.length()).toFloatMatrix();
  }

  private static OnnxModel int8(OnnxModel fp32) {
    return Quantizer.quantize(fp32, Calibrator.ranges(fp32, Arrays.asList(pictures(32, 1))));
  }

  private static float[][] features(OnnxModel model, float[][] inputs) {
    try (OnnxSession session = new OnnxSession(model, BATCH)) {
      return session.run(inputs).get(OnnxNetwork.FEATURES);
    }
  }

  @TempDir Path folder;

  /** What ONNX Runtime makes of a model: how often each operator is left. */
  private Map<String, Long> kernels(OnnxModel model) throws OrtException, IOException {
    Path optimized = folder.resolve("optimized.onnx");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.setOptimizedModelFilePath(optimized.toString());
      environment.createSession(model.bytes(), options).close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
        .filter(node -> !node.getOpType().equals("Transpose")) // the kernels are NHWC
        .collect(Collectors.groupingBy(NodeProto::getOpType, TreeMap::new, Collectors.counting()));
  }

  @Test
  void runsInIntegers() throws OrtException, IOException {
    Map<String, Long> expected = new TreeMap<>();
    expected.put("QLinearConv", 8L);
    expected.put("QGemm", 2L);
    expected.put("QLinearAdd", 1L);
    expected.put("QLinearMul", 1L);
    expected.put("QLinearConcat", 1L);
    expected.put("QLinearAveragePool", 1L);
    expected.put("QLinearGlobalAveragePool", 1L);
    expected.put("QLinearSigmoid", 1L);
    expected.put("QLinearLeakyRelu", 1L);
    expected.put("Resize", 1L);
    expected.put("Slice", 1L);
    expected.put("NhwcMaxPool", 1L);
    expected.put("Pad", 1L);
    expected.put("Flatten", 1L);
    expected.put("Tanh", 1L); // in float32, between a pair that belongs to it
    expected.put("QuantizeLinear", 2L);
    expected.put("DequantizeLinear", 1L);
    expected.put("Relu", 1L); // the last, on the features
    assertEquals(expected, kernels(int8(fp32())));
  }

  @Test
  void staysNearFloat() {
    OnnxModel fp32 = fp32();
    float[][] pictures = pictures(BATCH, 2);
    float[][] wanted = features(fp32, pictures);
    float[][] got = features(int8(fp32), pictures);
    for (int i = 0; i < BATCH; i++) {
      assertTrue(cosine(wanted[i], got[i]) > 0.99, "cosine " + cosine(wanted[i], got[i]));
    }
  }

  /** With zeros, wherever the zero point is: at the border nothing else would be near. */
  @Test
  void padsWithZeros() {
    ComputationGraph network =
        RandomGraphs.initialised(
            RandomGraphs.builder(INPUT)
                .addLayer("first", conv(1, 4, 1, Activation.IDENTITY), "in")
                .addLayer("padded", new ZeroPaddingLayer.Builder(3, 3).build(), "first")
                .addLayer("last", conv(1, 4, 1, Activation.IDENTITY), "padded")
                .setOutputs("last"),
            2);
    network.getParam("first_b").assign(-4);
    OnnxModel fp32 = OnnxNetwork.compile(network, INPUT, "test");
    float[][] one = pictures(1, 3);
    float[] wanted = features(fp32, one)[0];
    float[] got = features(int8(fp32), one)[0];
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], got[i], 0.3f);
    }
  }

  static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  @Test
  void givesTheSameBitsAtEveryPositionAmongAnyNeighbours() {
    OnnxModel int8 = int8(fp32());
    float[] picture = pictures(1, 3)[0];
    float[] alone = features(int8, new float[][] {picture})[0];
    float[] nan = new float[picture.length];
    Arrays.fill(nan, Float.NaN);
    for (float[] neighbour : new float[][] {new float[picture.length], pictures(1, 4)[0], nan}) {
      for (int position = 0; position < BATCH; position++) {
        float[][] batch = new float[BATCH][];
        Arrays.fill(batch, neighbour);
        batch[position] = picture;
        assertArrayEquals(alone, features(int8, batch)[position]);
      }
    }
  }

  @Test
  void givesTheSameBitsOnEveryThread() {
    float[][] pictures = pictures(BATCH, 5);
    try (OnnxSession session = new OnnxSession(int8(fp32()), BATCH)) {
      float[][] wanted = session.run(pictures).get(OnnxNetwork.FEATURES);
      ForkJoinPool pool = new ForkJoinPool(4);
      try {
        pool.submit(
                () ->
                    IntStream.range(0, 100)
                        .parallel()
                        .mapToObj(i -> session.run(pictures).get(OnnxNetwork.FEATURES))
                        .forEach(got -> assertTrue(Arrays.deepEquals(wanted, got))))
            .join();
      } finally {
        pool.shutdown();
      }
    }
  }

  @Test
  void doesNotMindTheOrderOfCalibration() {
    OnnxModel fp32 = fp32();
    float[][] pictures = pictures(9, 6);
    float[][] reversed =
        IntStream.range(0, 9).mapToObj(i -> pictures[8 - i]).toArray(float[][]::new);
    assertEquals(
        Calibrator.ranges(fp32, Arrays.asList(pictures)),
        Calibrator.ranges(fp32, Arrays.asList(reversed)));
  }

  /** Next to dead weights, a bias would pass 32 bits. */
  @Test
  void keepsTheBiasOfADeadChannel() {
    ComputationGraph network =
        RandomGraphs.initialised(
            RandomGraphs.builder(INPUT)
                .addLayer("c", conv(1, 3, 1, Activation.IDENTITY), "in")
                .setOutputs("c"),
            1);
    network.getParam("c_W").muli(1e-20);
    network.getParam("c_b").assign(-2.5);
    OnnxModel fp32 = OnnxNetwork.compile(network, INPUT, "test");
    for (float value : features(int8(fp32), pictures(1, 7))[0]) {
      assertEquals(-2.5f, value, 1e-5f);
    }
  }

  private static String message(Runnable what) {
    return assertThrows(UserError.class, what::run).getMessage();
  }

  @Test
  void refusesRangesOfAnotherNetwork() {
    OnnxModel fp32 = fp32();
    Map<String, Range> ranges =
        new TreeMap<>(Calibrator.ranges(fp32, Arrays.asList(pictures(2, 8))).tensors());
    ranges.put("/stranger", ranges.remove("/relu"));
    String message = message(() -> Quantizer.quantize(fp32, ActivationRanges.of(2, ranges)));
    assertEquals(
        "Cannot quantise the network: the activation ranges are of another network or another cut (they lack 1 tensors, first '/relu'; the network does not have 1 tensors, first '/stranger'). Calibrate again with this network.",
        message);
  }

  @Test
  void refusesToCalibrateOnNothing() {
    assertTrue(
        message(() -> Calibrator.ranges(fp32(), Arrays.asList(new float[0][])))
            .startsWith("Cannot calibrate the network for int8: there is no calibration sample."));
  }

  @Test
  void namesTheTensorThatIsNotFinite() {
    float[][] pictures = pictures(3, 9);
    pictures[1][5] = Float.intBitsToFloat(0xffc00000); // NaN as x86 makes it, with a sign
    String message = message(() -> Calibrator.ranges(fp32(), Arrays.asList(pictures)));
    assertTrue(message.contains("calibration sample 2 gives infinite values or NaN"), message);
    ComputationGraph network = everything();
    network.getParam("project_b").putScalar(0, Float.POSITIVE_INFINITY);
    OnnxModel broken = OnnxNetwork.compile(network, INPUT, "test");
    String infinite = message(() -> Calibrator.ranges(broken, Arrays.asList(pictures(1, 9))));
    assertTrue(infinite.contains("sample 1") && infinite.contains("tensor '/project"), infinite);
  }

  /** By definition: the squared error of every value, over a grid of ranges. */
  @Test
  void findsTheRangeOfLeastError() {
    Random random = new Random(10);
    float[] values = new float[400_000];
    for (int i = 2; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    values[0] = -2;
    values[1] = 2;
    Histogram histogram = new Histogram();
    histogram.add(values);
    Range extent = histogram.extent();
    double least = Double.POSITIVE_INFINITY;
    for (double below = 0.05; below <= 1; below += 0.05) {
      for (double above = 0.05; above <= 1; above += 0.05) {
        Range range = new Range((float) (extent.min() * below), (float) (extent.max() * above));
        least = Math.min(least, error(values, range));
      }
    }
    assertTrue(least < 0.8 * error(values, extent), "the test should have something to find");
    assertTrue(error(values, histogram.leastError()) < 1.02 * least);
  }

  private static double error(float[] values, Range range) {
    ActivationScale scale = ActivationScale.of(range);
    double sum = 0;
    for (float value : values) {
      double stored = Math.rint(value / scale.scale()) + scale.zeroPoint();
      double back = scale.scale() * (Math.max(0, Math.min(255, stored)) - scale.zeroPoint());
      sum += (back - value) * (back - value);
    }
    return sum;
  }
}
