package org.graft.engine.onnx.transformer;

/** Matrices that are turned and put side by side. */
final class Matrices {
  private static final int BLOCK = 32; // both sides of it stay in the cache

  private Matrices() {}

  /**
   * Writes a matrix into columns of a wider one.
   *
   * @param part {@code [in][out]}, or {@code [out][in]} if {@code outFirst}
   * @param into {@code [in][width]}
   * @param column where its columns begin
   */
  static void place(
      float[] part, int in, int out, boolean outFirst, float[] into, int column, int width) {
    if (outFirst) {
      turn(part, in, out, into, column, width);
      return;
    }
    for (int i = 0; i < in; i++) {
      System.arraycopy(part, i * out, into, i * width + column, out);
    }
  }

  private static void turn(float[] part, int in, int out, float[] into, int column, int width) {
    for (int fromOut = 0; fromOut < out; fromOut += BLOCK) {
      for (int fromIn = 0; fromIn < in; fromIn += BLOCK) {
        for (int i = fromIn; i < Math.min(fromIn + BLOCK, in); i++) {
          for (int o = fromOut; o < Math.min(fromOut + BLOCK, out); o++) {
            into[i * width + column + o] = part[o * in + i];
          }
        }
      }
    }
  }
}
