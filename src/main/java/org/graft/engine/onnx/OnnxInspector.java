package org.graft.engine.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.NetworkReport;
import org.graft.common.UserError;
import org.graft.engine.CutProposals;
import org.graft.engine.CutProposals.Step;

/** Looks into a user's {@code .onnx} file, so that a card can be written for it. */
public final class OnnxInspector {
  private static final int CHANNELS = 3;

  /** What may stand between a network's last dense layer and its output. */
  private static final Set<String> AFTER_THE_LAST_LAYER =
      Set.of(
          "Softmax",
          "LogSoftmax",
          "Sigmoid",
          "Identity",
          "Add",
          "Mul",
          "Div",
          "Sub",
          "Clip",
          "Relu",
          "Cast",
          "Dropout",
          "Reshape",
          "Flatten",
          "Squeeze",
          "GlobalAveragePool",
          "AveragePool",
          "ReduceMean",
          "QuantizeLinear",
          "DequantizeLinear");

  private static final Set<String> LAYERS =
      Set.of("Gemm", "MatMul", "Conv", "MatMulInteger", "ConvInteger", "QLinearConv");

  private final FileNetwork network;
  private final Input input;

  private OnnxInspector(FileNetwork network, Input input) {
    this.network = network;
    this.input = input;
  }

  private static OnnxInspector of(Path file, Input input) throws IOException {
    return new OnnxInspector(new FileNetwork(file.toString(), OnnxFile.readWithParts(file)), input);
  }

  /**
   * Runs the network once, to see the shapes inside.
   *
   * @param side of the picture, in pixels, for networks that take any size
   * @throws UserError if this is no network for pictures that ONNX Runtime can run
   */
  public static NetworkReport inspect(Path file, int side) throws IOException {
    FileNetwork network = new FileNetwork(file.toString(), OnnxFile.readWithParts(file));
    return new OnnxInspector(network, network.input().picture(CHANNELS, side)).report();
  }

  /** Whether some weights are in other files, without which the network cannot travel. */
  public static boolean hasParts(Path file) throws IOException {
    return ExternalData.isIn(OnnxFile.peek(file));
  }

  /** Writes the network with all its weights into one file. */
  public static void writeWhole(Path from, Path to) throws IOException {
    ModelProto whole = OnnxFile.readWithParts(from);
    try (OutputStream out = Files.newOutputStream(to)) {
      whole.writeTo(out);
    }
  }

  /**
   * Any tensor as a place to cut the network.
   *
   * @throws UserError with the nearest name, if there is no such tensor, or if it is no feature
   */
  public static Cut cut(Path file, Input input, String tensor) throws IOException {
    OnnxInspector inspector = of(file, input);
    String real = inspector.network.tensor(tensor);
    return inspector.cut(real, inspector.shapes(List.of(real)).get(real)).named(tensor);
  }

  /**
   * What ONNX Runtime gives at a cut of the unmodified network, under the cut's own pooling.
   *
   * @param picture as a backbone takes it
   */
  public static float[] reference(Path file, Input input, Cut cut, float[] picture)
      throws IOException {
    OnnxInspector inspector = of(file, input);
    String tensor = inspector.network.tensor(cut.layer());
    FileCut place =
        inspector.cut(tensor, inspector.shapes(List.of(tensor)).get(tensor)).as("drafted", cut);
    return new FileReference(inspector.network).features(place, input, cut.pooling(), picture);
  }

  private NetworkReport report() {
    GraphProto graph = network.model().getGraph();
    List<Cut> cuts = proposals();
    ModelProto model = network.model();
    return new NetworkReport(
        BackboneCard.ONNX,
        "ONNX opset %d, IR version %d".formatted(OnnxFile.opset(model), model.getIrVersion()),
        (model.getProducerName() + " " + model.getProducerVersion()).strip(),
        input,
        network.input().hasFixedSize(),
        graph.getNodeCount(),
        parameters(graph),
        cuts,
        CutProposals.best(cuts),
        !network.isHalf() && !FileBackbone.isQuantized(graph.getNodeList()),
        FileNotes.of(network));
  }

  /** Numbers in all constants; 16 bit ones count as any other. */
  private long parameters(GraphProto graph) {
    long count = 0;
    for (NodeProto node : graph.getNodeList()) {
      count += node.getOpType().equals("Constant") ? elements(node.getOutput(0)) : 0;
    }
    return count + graph.getInitializerList().stream().mapToLong(t -> elements(t.getName())).sum();
  }

  private long elements(String constant) {
    return network.isConstant(constant)
        ? network.constant(constant).getDimsList().stream().reduce(1L, (a, b) -> a * b)
        : 0;
  }

  private List<Cut> proposals() {
    String output = output();
    List<String> bottlenecks =
        CutProposals.bottlenecks(steps(output), network.input().name(), output);
    Map<String, long[]> shapes = shapes(bottlenecks);
    List<Cut> places = new ArrayList<>();
    for (String tensor : bottlenecks) {
      if (FileCut.fits(shapes.get(tensor), network.batch())) {
        places.add(cut(tensor, shapes.get(tensor)).named(tensor));
      }
    }
    List<Cut> cuts = CutProposals.named(places, input, penultimate(output), output);
    if (cuts.isEmpty()) {
      throw new UserError(
          "Cannot propose a cut of the ONNX network %s: no tensor has all of its numbers for one picture. Name one with --cut."
              .formatted(network.file()));
    }
    return cuts;
  }

  /** The first: where there are more, the others are mostly losses or boxes. */
  private String output() {
    List<ValueInfoProto> outputs = network.model().getGraph().getOutputList();
    if (outputs.isEmpty()) {
      throw new UserError(
          "Cannot use the ONNX network %s: it has no output. Export it again."
              .formatted(network.file()));
    }
    return network.tensor(outputs.get(0).getName());
  }

  private Map<String, long[]> shapes(List<String> tensors) {
    try {
      return TensorShapes.of(network, tensors, input);
    } catch (IllegalStateException e) {
      throw FileBackbone.refused(network, e);
    }
  }

  private FileCut cut(String tensor, long[] shape) {
    return FileCut.of(network, tensor, shape, new ChannelAxes(network, input));
  }

  /** What comes from the picture; where only a tensor's shape is asked for, nothing does. */
  private List<Step> steps(String output) {
    Set<String> data = new HashSet<>(Set.of(network.input().name()));
    List<Step> steps = new ArrayList<>();
    for (NodeProto node : network.needed(List.of(output))) {
      List<String> reads = Subgraphs.reads(node).stream().filter(data::contains).toList();
      boolean shape = node.getOpType().equals("Shape") || node.getOpType().equals("Size");
      if (!reads.isEmpty() && !shape) {
        data.addAll(node.getOutputList());
        steps.add(new Step(reads, node.getOutputList()));
      }
    }
    return steps;
  }

  /** What the last dense layer, or a convolution in its place, reads; null if there is none. */
  private String penultimate(String output) {
    NodeProto node = network.producer(output);
    while (node != null && AFTER_THE_LAST_LAYER.contains(node.getOpType())) {
      List<String> computed =
          node.getInputList().stream()
              .filter(tensor -> !tensor.isEmpty() && !network.isConstant(tensor))
              .toList();
      node = computed.size() == 1 ? network.producer(computed.get(0)) : null;
    }
    boolean layer = node != null && LAYERS.contains(node.getOpType()) && node.getInputCount() > 0;
    return layer ? node.getInput(0) : null;
  }
}
