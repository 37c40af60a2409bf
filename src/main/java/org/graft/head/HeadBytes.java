package org.graft.head;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.Labels;

/** A head on its way to the executors: Kryo fails on records, so it travels as bytes. */
public final class HeadBytes {
  private HeadBytes() {}

  public static byte[] of(TrainedHead head) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(head.input().name());
      out.writeUTF(head.output().name());
      out.writeInt(head.labels().size());
      for (String name : head.labels().names()) {
        out.writeUTF(name);
      }
      out.writeInt(head.layers().size());
      for (Dense layer : head.layers()) {
        out.writeInt(layer.inputs());
        out.writeInt(layer.outputs());
        write(out, layer.weights());
        write(out, layer.bias());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("to memory", e);
    }
    return bytes.toByteArray();
  }

  /** The reverse of {@link #of}; for bytes of our own making, within one run. */
  public static TrainedHead head(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Input takes = Input.valueOf(in.readUTF());
      Output output = Output.valueOf(in.readUTF());
      List<String> names = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        names.add(in.readUTF());
      }
      List<Dense> layers = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        int inputs = in.readInt();
        int outputs = in.readInt();
        float[] weights = floats(in, Math.multiplyExact(inputs, outputs));
        layers.add(new Dense(inputs, outputs, weights, floats(in, outputs)));
      }
      return new TrainedHead(takes, layers, output, Labels.inOrder(names));
    } catch (IOException e) {
      throw new UncheckedIOException("from memory", e);
    }
  }

  private static void write(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length));
    bytes.asFloatBuffer().put(values);
    out.write(bytes.array());
  }

  private static float[] floats(DataInputStream in, int length) throws IOException {
    float[] values = new float[length];
    ByteBuffer.wrap(in.readNBytes(Math.multiplyExact(Float.BYTES, length)))
        .asFloatBuffer()
        .get(values);
    return values;
  }
}
