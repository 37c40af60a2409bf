package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.UserError;
import org.graft.engine.dl4j.ChannelScale;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** ONNX Runtime on the compiled graph against DL4J's own output. */
class OnnxNetworkTest {
  private static final Input ODD = new Input(3, 17, 13);
  private static final Input EVEN = new Input(4, 16, 12);

  private static GraphBuilder one(Layer layer, Input input) {
    return RandomGraphs.builder(input).addLayer("it", layer, "in").setOutputs("it");
  }

  static Stream<Named<Layer>> layers() {
    return Stream.of(
            windows(),
            Stream.of(
                layer("dense", new DenseLayer.Builder().nOut(5).build()),
                layer("dense, no bias", new DenseLayer.Builder().nOut(5).hasBias(false).build()),
                layer(
                    "output",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(5)
                        .activation(Activation.SOFTMAX)
                        .build()),
                layer("batch norm", new BatchNormalization.Builder().eps(1e-3).build()),
                layer(
                    "batch norm, log std",
                    new BatchNormalization.Builder().useLogStd(true).build()),
                layer(
                    "batch norm, locked",
                    new BatchNormalization.Builder().lockGammaBeta(true).build()),
                layer("zero padding", new ZeroPaddingLayer(1, 2, 3, 0)),
                layer("global average", new GlobalPoolingLayer(PoolingType.AVG)),
                layer("global maximum", new GlobalPoolingLayer(PoolingType.MAX)),
                layer(
                    "global average, not collapsed",
                    new GlobalPoolingLayer.Builder(PoolingType.AVG)
                        .collapseDimensions(false)
                        .build()),
                layer("dropout", new DropoutLayer.Builder(new Dropout(0.5)).build()),
                layer("relu up to 2", activation(new ActivationReLU(2.0, null, null))),
                layer("frozen", new FrozenLayer(new DenseLayer.Builder().nOut(5).build()))),
            Stream.of(
                    Activation.RELU,
                    Activation.RELU6,
                    Activation.IDENTITY,
                    Activation.SIGMOID,
                    Activation.TANH)
                .map(a -> layer(a.name(), activation(a.getActivationFunction()))))
        .flatMap(s -> s);
  }

  private static Named<Layer> layer(String name, Layer layer) {
    return named(name, layer);
  }

  private static Layer activation(IActivation function) {
    return new ActivationLayer.Builder().activation(function).build();
  }

  /** Each windowed layer under each padding, stride and dilation. */
  private static Stream<Named<Layer>> windows() {
    return Stream.of(ConvolutionMode.Truncate, ConvolutionMode.Same)
        .flatMap(
            mode ->
                Stream.of(new int[] {1, 1}, new int[] {2, 1}, new int[] {2, 3}, new int[] {3, 2})
                    .flatMap(stride -> windows(mode, stride)));
  }

  private static Stream<Named<Layer>> windows(ConvolutionMode mode, int[] stride) {
    String how = " " + mode + " " + stride[0] + "x" + stride[1];
    int[] padding = padding(mode, 1, 2);
    return Stream.of(
        layer(
            "convolution" + how,
            new ConvolutionLayer.Builder(3, 5)
                .nOut(6)
                .stride(stride)
                .padding(padding)
                .convolutionMode(mode)
                .build()),
        layer(
            "dilated convolution" + how,
            new ConvolutionLayer.Builder(3, 2)
                .nOut(6)
                .hasBias(false)
                .stride(stride)
                .padding(padding)
                .dilation(2, 3)
                .activation(Activation.RELU)
                .convolutionMode(mode)
                .build()),
        layer(
            "depthwise" + how,
            new DepthwiseConvolution2D.Builder(3, 3)
                .depthMultiplier(2)
                .stride(stride)
                .padding(padding)
                .convolutionMode(mode)
                .build()),
        layer(
            "separable" + how,
            new SeparableConvolution2D.Builder(3, 2)
                .nOut(5)
                .depthMultiplier(2)
                .stride(stride)
                .padding(padding)
                .convolutionMode(mode)
                .build()),
        layer("max pooling" + how, pooling(PoolingType.MAX, mode, stride, false)),
        layer("average pooling" + how, pooling(PoolingType.AVG, mode, stride, false)),
        layer("average pooling with pads" + how, pooling(PoolingType.AVG, mode, stride, true)));
  }

  /** DL4J wants none beside Same. */
  private static int[] padding(ConvolutionMode mode, int height, int width) {
    return mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {height, width};
  }

  private static Layer pooling(
      PoolingType type, ConvolutionMode mode, int[] stride, boolean countPads) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(3, 3)
        .stride(stride)
        .padding(padding(mode, 1, 1))
        .avgPoolIncludePadInDivisor(countPads)
        .convolutionMode(mode)
        .build();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerAlone(Layer layer) throws OrtException {
    CompiledOutput.assertDl4js(one(layer.clone(), ODD), ODD);
    CompiledOutput.assertDl4js(one(layer.clone(), EVEN), EVEN);
  }

  static Stream<Named<Layer>> beforeBatchNorm() {
    return Stream.of(
        layer("convolution", new ConvolutionLayer.Builder(3, 3).nOut(6).build()),
        layer("no bias", new ConvolutionLayer.Builder(3, 3).nOut(6).hasBias(false).build()),
        layer("depthwise", new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build()),
        layer("separable", new SeparableConvolution2D.Builder(3, 3).nOut(5).build()),
        layer("dense", new DenseLayer.Builder().nOut(5).build()),
        layer(
            "not linear",
            new ConvolutionLayer.Builder(3, 3).nOut(6).activation(Activation.RELU).build()),
        layer("pooling", new SubsamplingLayer.Builder(PoolingType.MAX).build()));
  }

  @ParameterizedTest
  @MethodSource("beforeBatchNorm")
  void batchNormAfter(Layer layer) throws OrtException {
    CompiledOutput.assertDl4js(
        one(layer.clone(), ODD)
            .addLayer("bn", new BatchNormalization.Builder().eps(1e-3).build(), "it")
            .addLayer("relu", activation(new ActivationReLU()), "bn")
            .setOutputs("relu"),
        ODD);
  }

  @Test
  void batchNormIsFoldedIntoALinearLayerThatNobodyElseReads() {
    GraphBuilder alone =
        one(new ConvolutionLayer.Builder(3, 3).nOut(6).build(), ODD)
            .addLayer("bn", new BatchNormalization(), "it")
            .setOutputs("bn");
    assertEquals(List.of("Conv", "Identity"), operators(alone));
    GraphBuilder shared =
        one(new ConvolutionLayer.Builder(3, 3).nOut(6).build(), ODD)
            .addLayer("bn", new BatchNormalization(), "it")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn", "it")
            .setOutputs("sum");
    assertEquals(List.of("Conv", "BatchNormalization", "Add", "Identity"), operators(shared));
  }

  @Test
  void factorsAreFoldedAsBatchNormIs() throws OrtException {
    GraphBuilder scaled =
        one(new ConvolutionLayer.Builder(3, 3).nOut(6).build(), ODD)
            .addVertex("scale", new ScaleVertex(0.17), "it")
            .setOutputs("scale");
    assertEquals(List.of("Conv", "Identity"), operators(scaled));
    CompiledOutput.assertDl4js(scaled, ODD);
    GraphBuilder perChannel =
        one(new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build(), ODD)
            .addLayer("scale", new ChannelScale(), "it")
            .setOutputs("scale");
    assertEquals(List.of("Conv", "Identity"), operators(perChannel));
    CompiledOutput.assertDl4js(perChannel, ODD);
    GraphBuilder shared =
        one(new ConvolutionLayer.Builder(1, 1).nOut(3).build(), ODD)
            .addVertex("scale", new ScaleVertex(0.17), "it")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "scale", "it")
            .setOutputs("sum");
    assertEquals(List.of("Conv", "Mul", "Add", "Identity"), operators(shared));
    CompiledOutput.assertDl4js(shared, ODD);
  }

  private static List<String> operators(GraphBuilder builder) {
    ComputationGraph network = RandomGraphs.initialised(builder, 1);
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    OnnxNetwork compiler = new OnnxNetwork(network, ODD, graph);
    graph.output(OnnxNetwork.FEATURES, compiler.compile(), 1);
    return graph.model("test", Map.of()).getGraph().getNodeList().stream()
        .map(onnx.Onnx.NodeProto::getOpType)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void elementWise(ElementWiseVertex.Op op) throws OrtException {
    GraphBuilder builder = RandomGraphs.builder(ODD);
    String[] inputs =
        op == ElementWiseVertex.Op.Subtract
            ? new String[] {"a", "b"}
            : new String[] {"a", "b", "c"};
    for (String name : inputs) {
      builder.addLayer(name, new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "in");
    }
    CompiledOutput.assertDl4js(
        builder.addVertex("it", new ElementWiseVertex(op), inputs).setOutputs("it"), ODD);
  }

  @Test
  void merge() throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(ODD)
            .addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "in")
            .addVertex("b", new MergeVertex(), "a", "in", "a")
            .addLayer("c", new DenseLayer.Builder().nOut(3).build(), "b")
            .addLayer("d", new DenseLayer.Builder().nOut(2).build(), "c")
            .addVertex("e", new MergeVertex(), "d", "c")
            .addLayer(
                "f",
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
                "e")
            .setOutputs("f"),
        ODD);
  }

  @Test
  void flattenAsAVertexAndOutputsThatAreTheInput() throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(ODD)
            .addVertex(
                "flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(17, 13, 3)), "in")
            .setOutputs("flat"),
        ODD);
  }

  @Test
  void vertexNamesMayBeThoseOfTheModelsOwnTensors() throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(ODD)
            .addLayer("features", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "in")
            .addLayer("input", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "features")
            .setOutputs("input"),
        ODD);
  }

  /** Inverted residual, bottleneck, branches and a dense end, at a size that is odd everywhere. */
  @Test
  void aWholeNetwork() throws OrtException {
    Input input = new Input(3, 37, 41);
    GraphBuilder builder = RandomGraphs.builder(input);
    String stem = block(builder, "stem", conv(3, 2, 16), "in");
    String wide = block(builder, "expand", conv(1, 1, 48), stem);
    String deep =
        block(
            builder,
            "depthwise",
            new DepthwiseConvolution2D.Builder(3, 3)
                .hasBias(false)
                .convolutionMode(ConvolutionMode.Same)
                .build(),
            wide);
    builder
        .addLayer("project", conv(1, 1, 16), deep)
        .addLayer("project_bn", new BatchNormalization(), "project")
        .addVertex("residual", new ElementWiseVertex(ElementWiseVertex.Op.Add), "project_bn", stem)
        .addLayer(
            "pool",
            pooling(PoolingType.MAX, ConvolutionMode.Truncate, new int[] {2, 2}, false),
            "residual")
        .addLayer(
            "avg", pooling(PoolingType.AVG, ConvolutionMode.Same, new int[] {1, 1}, false), "pool")
        .addVertex("merged", new MergeVertex(), "pool", "avg")
        .addLayer("padded", new ZeroPaddingLayer(0, 1, 0, 1), "merged");
    String last = block(builder, "last", conv(3, 2, 24), "padded");
    builder
        .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), last)
        .addLayer("dropout", new DropoutLayer.Builder(new Dropout(0.5)).build(), "global")
        .addLayer(
            "fc", new DenseLayer.Builder().nOut(32).activation(Activation.RELU).build(), "dropout")
        .setOutputs("fc");
    CompiledOutput.assertDl4js(builder, input);
  }

  /** A maximum's own padding is minus infinity, and ONNX Runtime takes the two for the same. */
  @Test
  void zerosPaddedBeforeAMaximumCount() throws OrtException {
    Input input = new Input(3, 11, 9);
    GraphBuilder builder =
        RandomGraphs.builder(input)
            .addLayer("padded", new ZeroPaddingLayer(1, 1), "in")
            .addLayer(
                "it",
                pooling(PoolingType.MAX, ConvolutionMode.Truncate, new int[] {2, 2}, false),
                "padded")
            .setOutputs("it");
    CompiledOutput.assertDl4js(builder, input);
  }

  private static ConvolutionLayer conv(int kernel, int stride, int channels) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .stride(stride, stride)
        .nOut(channels)
        .hasBias(false)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  private static String block(GraphBuilder builder, String name, Layer layer, String input) {
    builder
        .addLayer(name, layer, input)
        .addLayer(name + "_bn", new BatchNormalization.Builder().eps(1e-3).build(), name)
        .addLayer(
            name + "_relu",
            new ActivationLayer.Builder().activation(Activation.RELU6).build(),
            name + "_bn");
    return name + "_relu";
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("this kind of layer", one(new LocallyConnected2D.Builder().nOut(2).build(), ODD)),
        arguments(
            "this kind of vertex",
            RandomGraphs.builder(ODD).addVertex("it", new Doubled(), "in").setOutputs("it")),
        arguments("Doubled$Activation", one(activation(new Doubled.Activation()), ODD)),
        arguments(
            "part of the dimensions",
            RandomGraphs.builder(ODD)
                .addVertex("it", new L2NormalizeVertex(new int[] {1}, 1e-8), "in")
                .setOutputs("it")),
        arguments(
            "dilated pooling",
            one(new SubsamplingLayer.Builder(PoolingType.AVG).dilation(2, 2).build(), ODD)),
        arguments(
            "'f' order",
            RandomGraphs.builder(ODD)
                .addVertex("it", new ReshapeVertex('f', new int[] {-1, 663}, null), "in")
                .setOutputs("it")),
        arguments(
            "a batch of one size",
            RandomGraphs.builder(ODD)
                .addVertex("it", new ReshapeVertex(1, 663), "in")
                .setOutputs("it")),
        arguments(
            "one is set, and DL4J ignores it",
            one(new BatchNormalization.Builder().lockGammaBeta(true).gamma(2).build(), ODD)));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void whatIsNotKnownIsNamed(String what, GraphBuilder builder) {
    ComputationGraph network = RandomGraphs.initialised(builder, 1);
    UserError error =
        assertThrows(UserError.class, () -> OnnxNetwork.compile(network, ODD, "test"));
    assertTrue(error.getMessage().startsWith("Cannot compile vertex 'it' ("), error.getMessage());
    assertTrue(error.getMessage().contains(what), error.getMessage());
  }

  @Test
  void anotherLayoutIsNamed() {
    GraphBuilder builder =
        RandomGraphs.builder(InputType.convolutional(17, 13, 3, CNN2DFormat.NHWC))
            .addLayer("it", new SubsamplingLayer.Builder(PoolingType.MAX).build(), "in")
            .setOutputs("it");
    ComputationGraph network = RandomGraphs.initialised(builder, 1);
    UserError error =
        assertThrows(UserError.class, () -> OnnxNetwork.compile(network, ODD, "test"));
    assertTrue(error.getMessage().contains("NCHW"), error.getMessage());
  }

  @Test
  void parametersPastTheLimitAreRefused() {
    ComputationGraph network =
        RandomGraphs.initialised(one(new DenseLayer.Builder().nOut(5).build(), ODD), 1);
    OnnxNetwork compiler = new OnnxNetwork(network, ODD, new OnnxGraph(1000));
    UserError error = assertThrows(UserError.class, compiler::compile);
    assertTrue(
        error.getMessage().contains("'/it:dense.weight' take 13260 bytes (limit 1000)"),
        error.getMessage());
  }
}
