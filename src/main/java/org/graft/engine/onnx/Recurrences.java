package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import org.graft.engine.dl4j.SequenceLstm;

/** Layers that go through a sequence step by step. */
final class Recurrences {
  /** ONNX has the output gate first, then the forget gate, then the cell. */
  private static final int[] GATES = {0, 3, 2, 1};

  private Recurrences() {}

  /** ONNX takes {@code [width][N][channels]}. */
  static String lstm(OnnxGraph graph, OnnxVertex vertex) {
    SequenceLstm layer = vertex.as(SequenceLstm.class);
    int channels = (int) layer.getChannels();
    int units = (int) layer.getUnits();
    String name = vertex.output();
    float[] weights = vertex.values("W");
    String turned =
        graph.node(
            "Transpose",
            name + ":turned",
            List.of(vertex.input()),
            attribute("perm", new long[] {3, 0, 1, 2}));
    String sequence =
        graph.node("Squeeze", name + ":sequence", List.of(turned, axis(graph, name, 3)));
    List<String> inputs =
        List.of(
            sequence,
            graph.constant(
                name + ".W",
                new long[] {1, 4L * units, channels},
                rows(weights, units, 0, channels)),
            graph.constant(
                name + ".R",
                new long[] {1, 4L * units, units},
                rows(weights, units, channels, units)),
            graph.constant(
                name + ".B", new long[] {1, 8L * units}, bias(vertex.values("b"), units)));
    String states = graph.node("LSTM", name + ":states", inputs, attribute("hidden_size", units));
    return graph.node(
        "Transpose", name, List.of(states), attribute("perm", new long[] {2, 3, 1, 0}));
  }

  private static String axis(OnnxGraph graph, String name, long axis) {
    return graph.constant(name + ".axis", axis);
  }

  /** Some rows of {@code [in][4 units]}, as {@code [4 units][count]} in ONNX' order. */
  private static float[] rows(float[] weights, int units, int from, int count) {
    float[] turned = new float[4 * units * count];
    for (int gate = 0; gate < 4; gate++) {
      for (int unit = 0; unit < units; unit++) {
        int column = GATES[gate] * units + unit;
        for (int i = 0; i < count; i++) {
          turned[(gate * units + unit) * count + i] = weights[(from + i) * 4 * units + column];
        }
      }
    }
    return turned;
  }

  /** The state's own bias is zero. */
  private static float[] bias(float[] bias, int units) {
    float[] both = new float[8 * units];
    for (int gate = 0; gate < 4; gate++) {
      System.arraycopy(bias, GATES[gate] * units, both, gate * units, units);
    }
    return both;
  }
}
