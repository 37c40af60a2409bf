package org.graft.engine.dl4j;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** Of a flat array, copied at once; ND4J's own way goes number by number. */
  static float[] values(INDArray flat) {
    float[] values = new float[Math.toIntExact(flat.length())];
    flat.data().asNioFloat().get(values);
    return values;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(iteration);
    out.writeInt(epoch);
    write(out, parameters);
    write(out, updater);
  }

  static HeadState read(DataInputStream in) throws IOException {
    return new HeadState(in.readInt(), in.readInt(), floats(in), floats(in));
  }

  static void write(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN); // the processors': a block, not number by number
    bytes.asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  static float[] floats(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available() / Float.BYTES) { // of an array in memory
      throw new EOFException("%d numbers in %d bytes".formatted(length, in.available()));
    }
    float[] values = new float[length];
    byte[] bytes = in.readNBytes(Math.multiplyExact(Float.BYTES, values.length));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
