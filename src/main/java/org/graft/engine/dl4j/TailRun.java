package org.graft.engine.dl4j;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.LabelledBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A tail on its way to where samples are: it makes features at the cut of rows of activations. */
public final class TailRun {
  /** Rows that go through together. */
  private static final int BATCH = 8;

  private TailRun() {}

  /** The part of {@code graph} below the head, as it is now. */
  static byte[] of(ComputationGraph graph) {
    String cut = graph.getConfiguration().getVertexInputs().get(TailDrawing.SCALED).get(0);
    FrozenNetwork tail = new FrozenNetwork(graph.getConfiguration(), graph.params()).cutAt(cut);
    try {
      byte[] json = tail.network().toJson().getBytes(StandardCharsets.UTF_8);
      FloatBuffer parameters = tail.parameters().data().asNioFloat();
      byte[] bytes = new byte[Integer.BYTES + json.length + Floats.bytes(parameters)];
      ByteBuffer out = Floats.over(bytes);
      Floats.put(out, json);
      Floats.put(out, parameters);
      return bytes;
    } finally {
      tail.parameters().close();
    }
  }

  /**
   * The same rows with their features at the cut.
   *
   * @param tail that {@link #of} gave; empty: rows are features already
   */
  public static Iterable<LabelledBlock> features(byte[] tail, Iterable<LabelledBlock> blocks) {
    if (tail.length == 0) {
      return blocks;
    }
    FrozenNetwork network = read(tail);
    try {
      ComputationGraph graph = network.graph();
      java.util.List<LabelledBlock> given = new java.util.ArrayList<>();
      blocks.forEach(block -> given.add(features(graph, block)));
      return given;
    } finally {
      network.parameters().close();
    }
  }

  private static FrozenNetwork read(byte[] tail) {
    Dl4jEngine.prepare();
    ByteBuffer in = Floats.over(tail);
    String json = new String(Floats.bytes(in), StandardCharsets.UTF_8);
    float[] parameters = Floats.get(in);
    return new FrozenNetwork(
        ComputationGraphConfiguration.fromJson(json),
        Nd4j.create(parameters, new long[] {1, parameters.length}, 'c'));
  }

  private static LabelledBlock features(ComputationGraph graph, LabelledBlock block) {
    float[] features = {};
    int width = 0;
    for (int from = 0; from < block.size(); from += BATCH) {
      int to = Math.min(from + BATCH, block.size());
      float[] some = Arrays.copyOfRange(block.features(), from * block.width(), to * block.width());
      try (INDArray rows = Nd4j.create(some, new long[] {to - from, block.width()}, 'c');
          INDArray output = graph.output(rows)[0]) {
        float[] values = output.dup('c').data().asFloat();
        width = values.length / (to - from);
        features = from == 0 ? new float[Math.multiplyExact(block.size(), width)] : features;
        System.arraycopy(values, 0, features, from * width, values.length);
      }
    }
    return new LabelledBlock(
        block.keys(), width, block.classes(), features, block.targets(), block.weights());
  }
}
