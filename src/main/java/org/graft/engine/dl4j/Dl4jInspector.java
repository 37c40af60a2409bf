package org.graft.engine.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.NetworkReport;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.engine.CutProposals;
import org.graft.engine.CutProposals.Step;
import org.nd4j.linalg.exception.ND4JException;

/** Looks into a DL4J zip, so that a card can be written for it. */
public final class Dl4jInspector {
  /** Sides of pictures that published networks take; the zip does not say. */
  private static final List<Integer> SIDES =
      List.of(
          224, 299, 256, 227, 192, 160, 128, 96, 64, 48, 32, 28, 331, 240, 260, 288, 300, 380, 416,
          448, 512);

  private static final int CHANNELS = 3;

  private final Path file;
  private final ComputationGraphConfiguration network;

  private Dl4jInspector(Path file, ComputationGraphConfiguration network) {
    this.file = file;
    this.network = network;
  }

  /**
   * @param side of the picture, in pixels; other usual ones are tried too
   * @throws UserError if the zip cannot be read, or none of the sides fits
   */
  public static NetworkReport inspect(Path zip, int side) throws IOException {
    Dl4jEngine.prepare();
    FrozenNetwork all = Dl4jZip.read(zip);
    try {
      return new Dl4jInspector(zip, all.graph().getConfiguration())
          .report(side, all.parameters().length());
    } finally {
      all.parameters().close();
    }
  }

  /**
   * Any vertex as a place to cut the network.
   *
   * @throws UserError with the nearest name, if there is no such vertex
   */
  public static Cut cut(Path zip, Input input, String vertex) throws IOException {
    Dl4jEngine.prepare();
    FrozenNetwork all = Dl4jZip.read(zip);
    try {
      List<String> vertices = List.copyOf(all.network().getVertices().keySet());
      if (!vertices.contains(vertex)) {
        throw new UserError(
            "Cannot cut the DL4J network %s at '%s': its vertices are %s.%s"
                .formatted(zip, vertex, vertices, NearestMatch.hint(vertex, vertices)));
      }
      return Vertices.cut(vertex, vertex, all.network(), input);
    } finally {
      all.parameters().close();
    }
  }

  private NetworkReport report(int side, long parameters) {
    if (network.getNetworkInputs().size() != 1) {
      throw new UserError(
          "Cannot use the DL4J network %s: it has the inputs %s (1 is wanted, the picture). Take a network with one."
              .formatted(file, network.getNetworkInputs()));
    }
    Input input = input(side);
    Input other = new Input(input.channels(), input.height() + 32, input.width() + 32);
    List<Cut> cuts = proposals(input);
    return new NetworkReport(
        BackboneCard.DL4J,
        "DL4J zip",
        "Deeplearning4j",
        input,
        !fits(other),
        network.getVertices().size(),
        parameters,
        cuts,
        CutProposals.best(cuts),
        true,
        network.getNetworkOutputs().size() > 1
            ? List.of("It has several outputs; cuts were looked for below the first.")
            : List.of());
  }

  private Input input(int side) {
    int channels = channels();
    Optional<Input> fitting =
        Stream.concat(Stream.of(side), SIDES.stream())
            .map(pixels -> new Input(channels, pixels, pixels))
            .filter(this::fits)
            .findFirst();
    return fitting.orElseThrow(
        () ->
            new UserError(
                "Cannot find the size of the pictures that the DL4J network %s takes: none of %d and %s fits. Give it with --size."
                    .formatted(file, side, SIDES)));
  }

  /** What the convolutions that read the picture were made for. */
  private int channels() {
    String picture = network.getNetworkInputs().get(0);
    return network.getVertexInputs().entrySet().stream()
        .filter(entry -> entry.getValue().contains(picture))
        .map(entry -> layer(entry.getKey()))
        .flatMap(Optional::stream)
        .filter(ConvolutionLayer.class::isInstance)
        .map(layer -> (int) ((ConvolutionLayer) layer).getNIn())
        .findFirst()
        .orElse(CHANNELS);
  }

  private boolean fits(Input input) {
    try {
      Map<String, InputType> types = ActivationTypes.of(network, input);
      return network.getVertices().entrySet().stream()
          .allMatch(
              vertex ->
                  takes(vertex.getValue(), network.getVertexInputs().get(vertex.getKey()), types));
    } catch (IllegalStateException
        | IllegalArgumentException
        | ND4JException
        | ArithmeticException e) {
      return false; // DL4J's words for a picture that a layer cannot take
    }
  }

  /** Whether the vertex has as many weights as its input asks for, which DL4J sees too late. */
  private static boolean takes(
      GraphVertex vertex, List<String> inputs, Map<String, InputType> types) {
    if (!(vertex instanceof LayerVertex layer)
        || !(layer.getLayerConf().getLayer() instanceof FeedForwardLayer weighted)) {
      return true;
    }
    InputType type = types.get(inputs.get(0));
    InputType given =
        layer.getPreProcessor() == null ? type : layer.getPreProcessor().getOutputType(type);
    long channels =
        given instanceof InputTypeConvolutional picture
            ? picture.getChannels()
            : given.arrayElementsPerExample();
    return weighted.getNIn() <= 0 || weighted.getNIn() == channels;
  }

  private List<Cut> proposals(Input input) {
    String output = network.getNetworkOutputs().get(0);
    String picture = network.getNetworkInputs().get(0);
    Map<String, List<String>> inputs = network.getVertexInputs();
    List<Step> steps = new ArrayList<>();
    Set<String> needed = FrozenNetwork.ancestors(network, output);
    for (String vertex : network.getTopologicalOrderStr()) {
      if (inputs.containsKey(vertex) && needed.contains(vertex)) {
        steps.add(new Step(inputs.get(vertex), List.of(vertex)));
      }
    }
    List<Cut> places =
        CutProposals.bottlenecks(steps, picture, output).stream()
            .map(vertex -> Vertices.cut(vertex, vertex, network, input))
            .toList();
    return CutProposals.named(places, input, penultimate(output), output);
  }

  /** What the last layer with weights reads; null if that cannot be told. */
  private String penultimate(String output) {
    String vertex = output;
    while (layer(vertex).filter(Dl4jInspector::isAfterTheLastLayer).isPresent()) {
      vertex = network.getVertexInputs().get(vertex).get(0);
    }
    return layer(vertex)
            .filter(
                last ->
                    last instanceof BaseOutputLayer
                        || last instanceof DenseLayer
                        || last instanceof ConvolutionLayer)
            .isPresent()
        ? network.getVertexInputs().get(vertex).get(0)
        : null;
  }

  private static boolean isAfterTheLastLayer(Layer layer) {
    return layer instanceof LossLayer
        || layer instanceof ActivationLayer
        || layer instanceof DropoutLayer
        || layer instanceof GlobalPoolingLayer;
  }

  private Optional<Layer> layer(String vertex) {
    GraphVertex found = network.getVertices().get(vertex);
    return found instanceof LayerVertex layer
        ? Optional.of(layer.getLayerConf().getLayer())
        : Optional.empty();
  }
}
