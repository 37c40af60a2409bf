package org.graft.engine.dl4j;

import java.nio.ByteBuffer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All that DL4J's next step depends on beside the batch: workers start from it and give it back.
 *
 * @param iteration steps taken so far, which Adam's bias correction goes by
 * @param epoch epochs ended so far
 * @param parameters flat, as DL4J lays them out
 * @param updater the updater's state, flat; empty where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HeadState(int iteration, int epoch, float[] parameters, float[] updater) {

  static HeadState of(ComputationGraph graph) {
    INDArray updater = graph.getUpdater().getStateViewArray();
    return new HeadState(
        graph.getIterationCount(),
        graph.getEpochCount(),
        values(graph.params()),
        updater == null ? new float[0] : values(updater));
  }

  HeadState epochEnded() {
    return at(epoch + 1);
  }

  /** The same numbers with another count of epochs. */
  HeadState at(int epoch) {
    return new HeadState(iteration, epoch, parameters, updater);
  }

  void copyTo(ComputationGraph graph) {
    graph.getConfiguration().setIterationCount(iteration);
    graph.getConfiguration().setEpochCount(epoch);
    graph.params().data().asNioFloat().put(parameters);
    if (updater.length > 0) {
      graph.getUpdater().getStateViewArray().data().asNioFloat().put(updater);
    }
  }

  /** Copied at once; ND4J's own way goes number by number. */
  private static float[] values(INDArray flat) {
    float[] values = new float[Math.toIntExact(flat.length())];
    flat.data().asNioFloat().get(values);
    return values;
  }

  /** That it takes. */
  int bytes() {
    return 2 * Integer.BYTES + Floats.bytes(parameters) + Floats.bytes(updater);
  }

  void put(ByteBuffer out) {
    out.putInt(iteration).putInt(epoch);
    Floats.put(out, parameters);
    Floats.put(out, updater);
  }

  static HeadState get(ByteBuffer in) {
    return new HeadState(in.getInt(), in.getInt(), Floats.get(in), Floats.get(in));
  }
}
