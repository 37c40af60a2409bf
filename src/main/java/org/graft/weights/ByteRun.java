package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that may be longer than an array: a file, or several one after the other. */
interface ByteRun {
  long size();

  /** Fills what remains of {@code into}, which then is ready to be read, little-endian. */
  ByteBuffer read(long offset, ByteBuffer into) throws IOException;

  /** Whether {@code length} bytes from {@code offset} on lie within. */
  default boolean holds(long offset, long length) {
    return offset >= 0 && length >= 0 && length <= size() && offset <= size() - length;
  }

  /** {@code count} elements from byte {@code offset} on, which the caller knows to be there. */
  default float[] floats(ElementType type, long offset, int count) throws IOException {
    float[] values = new float[count];
    int most = TensorFile.CHUNK / type.bytes();
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(most, count) * type.bytes());
    for (int done = 0; done < count; ) {
      int now = Math.min(most, count - done);
      read(offset + (long) done * type.bytes(), chunk.clear().limit(now * type.bytes()));
      type.decode(chunk, values, done, now);
      done += now;
    }
    return values;
  }
}
