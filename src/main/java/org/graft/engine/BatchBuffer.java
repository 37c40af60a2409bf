package org.graft.engine;

import java.nio.FloatBuffer;

/**
 * The input of a network whose batches have one fixed shape: what a batch does not fill is zeros.
 * For one thread at a time.
 */
public final class BatchBuffer {
  private final FloatBuffer values;
  private final int batch;
  private int filled;

  /**
   * @param values {@code [batch][length]}, all zeros
   */
  public BatchBuffer(FloatBuffer values, int batch) {
    this.values = values;
    this.batch = batch;
  }

  /**
   * @param inputs {@code [n][length]}, n ≤ batch
   */
  public void fill(float[][] inputs) {
    int length = values.capacity() / batch;
    for (int i = 0; i < inputs.length; i++) {
      values.put(i * length, inputs[i]);
    }
    float[] zeros = new float[filled > inputs.length ? length : 0];
    for (int i = inputs.length; i < filled; i++) {
      values.put(i * length, zeros);
    }
    filled = inputs.length;
  }
}
