package org.graft.engine.blas;

import org.bytedeco.javacpp.FloatPointer;

/** Floats outside the heap, where BLAS wants them; freed by {@link #close}. */
public final class NativeFloats implements AutoCloseable {
  private final FloatPointer values;

  /**
   * @param capacity in floats; their values are undefined at first
   */
  public NativeFloats(long capacity) {
    values = new FloatPointer(Math.max(1, capacity));
  }

  /** Fills the first {@code length}. */
  public void put(float[] from, int length) {
    values.put(from, 0, length);
  }

  /** Reads the first {@code length}. */
  public void get(float[] into, int length) {
    values.get(into, 0, length);
  }

  FloatPointer pointer() {
    return values;
  }

  @Override
  public void close() {
    values.close();
  }
}
