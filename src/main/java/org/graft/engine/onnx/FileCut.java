package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.UserError;

/**
 * A tensor of a user's network as the place where it ends.
 *
 * @param shape with the batch in front: {@code [n][width]}, {@code [n][tokens][channels]}, or a
 *     picture in either layout
 * @param axis where the channels are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FileCut(String tensor, long[] shape, int axis) {
  private static final int MOST_DIMENSIONS = 4;

  /**
   * The tensor as it is.
   *
   * @param shape null where its numbers are not float32
   */
  static FileCut of(FileNetwork network, String tensor, long[] shape, ChannelAxes axes) {
    if (!fits(shape, network.batch())) {
      throw new UserError(
          "Cannot cut the ONNX network %s at '%s': that tensor %s (2 to 4 dimensions of float32 are wanted, the batch in front). Take another tensor."
              .formatted(
                  network.file(),
                  tensor,
                  shape == null ? "is of other numbers" : "has shape " + Arrays.toString(shape)));
    }
    return new FileCut(tensor, shape, axes.of(tensor, shape));
  }

  /** Whether a tensor of that shape can be made a vector for each sample of a batch. */
  static boolean fits(long[] shape, int batch) {
    return shape != null
        && shape.length >= 2
        && shape.length <= MOST_DIMENSIONS
        && shape[0] == batch
        && Arrays.stream(shape).allMatch(length -> length > 0);
  }

  /**
   * The same tensor as a card says it: where its channels may be at either end, the card decides.
   *
   * @throws UserError if the card says another shape
   */
  FileCut as(String card, Cut cut) {
    for (int place : new int[] {axis, 1, shape.length - 1}) {
      FileCut turned = new FileCut(tensor, shape, place);
      if (turned.channels() == cut.channels()
          && turned.positions() == (long) cut.height() * cut.width()) {
        return turned;
      }
    }
    throw new UserError(
        "Cannot use card %s: cut '%s' has shape %s (the card says %d channels, height %d, width %d). Correct the card."
            .formatted(
                card,
                cut.name(),
                Arrays.toString(Arrays.copyOfRange(shape, 1, shape.length)),
                cut.channels(),
                cut.height(),
                cut.width()));
  }

  long channels() {
    return shape[axis];
  }

  long positions() {
    return Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact) / Math.max(1, channels());
  }

  boolean isFlat() {
    return shape.length == 2;
  }

  /** For a card. */
  Cut named(String name) {
    long[] places = new long[2];
    Arrays.fill(places, 1);
    for (int i = 1, at = 0; i < shape.length; i++) {
      if (i != axis) {
        places[at++] = shape[i];
      }
    }
    return new Cut(
        name,
        tensor,
        Math.toIntExact(channels()),
        Math.toIntExact(places[0]),
        Math.toIntExact(places[1]),
        isFlat() ? Pooling.NONE : Pooling.AVG);
  }

  /** The network up to here, and a vector made of it: {@code [N][width]}. */
  OnnxModel pooled(FileNetwork network, Input input, Pooling pooling) {
    String raw = "cut:tensor";
    Map<String, String> wanted = new LinkedHashMap<>(Map.of(tensor, raw));
    ModelProto.Builder model = network.upTo(wanted, input).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder().clearOutput();
    node(graph, "Identity", List.of(vector(graph, raw, pooling)), OnnxNetwork.FEATURES);
    graph.addOutput(ValueInfoProto.newBuilder().setName(OnnxNetwork.FEATURES));
    return new OnnxModel(model.build());
  }

  private String vector(GraphProto.Builder graph, String raw, Pooling pooling) {
    if (isFlat()) {
      return raw;
    }
    String front = axis == 1 ? raw : channelsInFront(graph, raw);
    String pooled =
        switch (pooling) {
          case NONE -> front;
          case AVG -> node(graph, "GlobalAveragePool", List.of(front), "cut:pooled");
          case MAX -> node(graph, "GlobalMaxPool", List.of(front), "cut:pooled");
          case FIRST -> first(graph, front);
          case LAST -> throw new IllegalStateException("last is for texts");
        };
    return pooling == Pooling.FIRST ? pooled : node(graph, "Flatten", List.of(pooled), "cut");
  }

  private String channelsInFront(GraphProto.Builder graph, String raw) {
    long[] order = new long[shape.length];
    order[1] = axis;
    for (int i = 2; i < order.length; i++) {
      order[i] = i - 1L;
    }
    return node(graph, "Transpose", List.of(raw), "cut:front", attribute("perm", order));
  }

  /** {@code [N][channels][..]} at the first of its places. */
  private String first(GraphProto.Builder graph, String front) {
    TensorProto.Builder zero = TensorProto.newBuilder().setName("cut:zero");
    graph.addInitializer(zero.setDataType(TensorProto.DataType.INT64.getNumber()).addInt64Data(0));
    String tensor = front;
    for (int rank = shape.length; rank > 2; rank--) {
      AttributeProto last = attribute("axis", rank - 1L);
      tensor = node(graph, "Gather", List.of(tensor, "cut:zero"), "cut:first" + rank, last);
    }
    return tensor;
  }

  private static String node(
      GraphProto.Builder graph,
      String op,
      List<String> from,
      String to,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName(to)
            .addAllInput(from)
            .addOutput(to)
            .addAllAttribute(List.of(attributes)));
    return to;
  }
}
