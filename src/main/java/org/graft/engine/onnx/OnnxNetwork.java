package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.longs;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.engine.dl4j.ActivationTypes;
import org.graft.engine.dl4j.ChannelScale;

/**
 * A frozen DL4J graph, as it computes at inference, written as ONNX operators: batch norm is folded
 * into the layer before it where it can be, dropout and losses fall away. One input {@code
 * [N][channels][height][width]}, one output.
 */
public final class OnnxNetwork {
  /** The name of the input tensor. */
  public static final String INPUT = "input";

  /** The name of the output tensor of {@link #compile}. */
  public static final String FEATURES = "features";

  private final ComputationGraph network;
  private final ComputationGraphConfiguration configuration;
  private final Map<String, InputType> types;
  private final Map<String, String> foldedInto; // layer -> the batch norm that it swallows
  private final OnnxGraph graph;
  private final Map<String, String> tensors = new HashMap<>();

  OnnxNetwork(ComputationGraph network, Input input, OnnxGraph graph) {
    this.network = network;
    this.configuration = network.getConfiguration();
    this.graph = graph;
    Checks.argument(
        configuration.getNetworkInputs().size() == 1
            && configuration.getNetworkOutputs().size() == 1,
        "one input and one output are wanted");
    this.types = ActivationTypes.of(configuration, input);
    this.foldedInto = foldable();
    graph.input(INPUT, input.channels(), input.height(), input.width());
    tensors.put(configuration.getNetworkInputs().get(0), INPUT);
  }

  /**
   * The graph up to its output.
   *
   * @param producerVersion Graft's version, for the file's record
   * @throws UserError if a vertex is of a kind that is not known here (the message names it), or if
   *     the parameters pass the 2 GiB that an ONNX file can hold
   */
  public static OnnxModel compile(ComputationGraph network, Input input, String producerVersion) {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    OnnxNetwork compiler = new OnnxNetwork(network, input, graph);
    graph.output(FEATURES, compiler.compile(), shape(compiler.outputType()));
    return new OnnxModel(graph.model(producerVersion, Map.of()));
  }

  /**
   * The graph up to its output, and a vector made of that.
   *
   * @param pooling what becomes of an output with a height and a width; of no effect on a flat one
   * @throws UserError as {@link #compile(ComputationGraph, Input, String)}
   */
  public static OnnxModel compile(
      ComputationGraph network, Input input, Pooling pooling, String producerVersion) {
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES);
    OnnxNetwork compiler = new OnnxNetwork(network, input, graph);
    String features = compiler.compilePooled(pooling);
    graph.output(FEATURES, features, compiler.width(pooling));
    return new OnnxModel(graph.model(producerVersion, Map.of()));
  }

  /** Writes every vertex and the pooling; gives the name of a tensor {@code [N][width]}. */
  String compilePooled(Pooling pooling) {
    String tensor = compile();
    if (!(outputType() instanceof InputType.InputTypeConvolutional)) {
      return tensor;
    }
    String pooled =
        switch (pooling) {
          case AVG -> graph.node("GlobalAveragePool", "cut:pooled", List.of(tensor));
          case MAX -> graph.node("GlobalMaxPool", "cut:pooled", List.of(tensor));
          case FIRST -> graph.slice("cut:pooled", tensor, longs(0, 0), longs(1, 1), longs(2, 3));
          case NONE -> tensor;
          case LAST -> throw new IllegalStateException("last is for texts");
        };
    return graph.node("Flatten", "cut", List.of(pooled));
  }

  private long width(Pooling pooling) {
    return outputType() instanceof InputType.InputTypeConvolutional picture
            && pooling != Pooling.NONE
        ? picture.getChannels()
        : outputType().arrayElementsPerExample();
  }

  /** Writes every vertex; gives the name of the tensor with the network's output. */
  String compile() {
    for (org.deeplearning4j.nn.graph.vertex.GraphVertex vertex : inOrder()) {
      if (!vertex.isInputVertex()) {
        String name = vertex.getVertexName();
        tensors.put(name, compile(name, configuration.getVertices().get(name)));
      }
    }
    return tensors.get(output());
  }

  InputType outputType() {
    return types.get(output());
  }

  /** Without the batch dimension. */
  static long[] shape(InputType type) {
    return type instanceof InputType.InputTypeConvolutional picture
        ? new long[] {picture.getChannels(), picture.getHeight(), picture.getWidth()}
        : new long[] {type.arrayElementsPerExample()};
  }

  private String output() {
    return configuration.getNetworkOutputs().get(0);
  }

  private List<org.deeplearning4j.nn.graph.vertex.GraphVertex> inOrder() {
    int[] order = network.topologicalSortOrder();
    return Arrays.stream(order).mapToObj(i -> network.getVertices()[i]).toList();
  }

  private String compile(String name, GraphVertex vertex) {
    List<String> from = configuration.getVertexInputs().get(name);
    List<String> inputs = from.stream().map(tensors::get).toList();
    if (foldedInto.containsValue(name)) {
      return inputs.get(0);
    }
    if (vertex instanceof LayerVertex) {
      return layer(name);
    }
    InnerVertex inner =
        new InnerVertex(
            name, VertexCompiler.thawed(vertex), inputs, from.stream().map(types::get).toList());
    return VertexCompiler.of(inner).compile(graph, inner);
  }

  private String layer(String name) {
    OnnxVertex vertex = vertex(name);
    InputPreProcessor preProcessor = preProcessor(name);
    LayerCompiler compiler = LayerCompiler.of(vertex);
    String input =
        preProcessor == null
            ? vertex.input()
            : PreProcessors.apply(graph, name, preProcessor, vertex.input(), inputType(name));
    return compiler.compile(
        graph,
        new OnnxVertex(
            name,
            vertex.layer(),
            vertex.parameters(),
            input,
            vertex.inputType(),
            foldedInto.containsKey(name) ? affine(foldedInto.get(name), name) : Affine.IDENTITY));
  }

  private OnnxVertex vertex(String name) {
    InputPreProcessor preProcessor = preProcessor(name);
    InputType type = inputType(name);
    return new OnnxVertex(
        name,
        layerOf(name),
        network.getLayer(name).paramTable(),
        tensors.get(configuration.getVertexInputs().get(name).get(0)),
        preProcessor == null ? type : preProcessor.getOutputType(type),
        Affine.IDENTITY);
  }

  /** Before any preprocessor. */
  private InputType inputType(String name) {
    return types.get(configuration.getVertexInputs().get(name).get(0));
  }

  private InputPreProcessor preProcessor(String name) {
    return ((LayerVertex) configuration.getVertices().get(name)).getPreProcessor();
  }

  private Layer layerOf(String name) {
    Layer layer = ((LayerVertex) configuration.getVertices().get(name)).getLayerConf().getLayer();
    if (layer instanceof FrozenLayer frozen) {
      return frozen.getLayer();
    }
    return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : layer;
  }

  /** Batch norms and factors whose only input is a linear layer that nobody else reads. */
  private Map<String, String> foldable() {
    Map<String, String> folds = new HashMap<>();
    for (String name : configuration.getVertices().keySet()) {
      String before = configuration.getVertexInputs().get(name).get(0);
      if (isAffine(name) && isLinearAndReadOnce(before)) {
        folds.put(before, name);
      }
    }
    return folds;
  }

  private boolean isAffine(String name) {
    if (!(configuration.getVertices().get(name) instanceof LayerVertex)) {
      return thawed(name) instanceof ScaleVertex;
    }
    Layer layer = layerOf(name);
    return preProcessor(name) == null
        && (layer instanceof BatchNormalization || layer instanceof ChannelScale);
  }

  /** What the vertex at {@code name} does to each channel of the layer before it. */
  private Affine affine(String name, String before) {
    if (thawed(name) instanceof ScaleVertex scale) {
      double[] factors = new double[(int) ((FeedForwardLayer) layerOf(before)).getNOut()];
      Arrays.fill(factors, scale.getScaleFactor());
      return Affine.scale(factors);
    }
    return layerOf(name) instanceof ChannelScale
        ? Scalings.affine(vertex(name))
        : BatchNorms.affine(vertex(name));
  }

  private GraphVertex thawed(String name) {
    return VertexCompiler.thawed(configuration.getVertices().get(name));
  }

  private boolean isLinearAndReadOnce(String name) {
    long readers =
        configuration.getVertexInputs().values().stream()
            .flatMap(List::stream)
            .filter(name::equals)
            .count();
    return readers == 1
        && !configuration.getNetworkOutputs().contains(name)
        && configuration.getVertices().get(name) instanceof LayerVertex
        && Affine.canFollow(layerOf(name));
  }
}
