package org.graft.engine.onnx;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Weights in 8 bits, symmetric, each output channel by a scale of its own: {@code float = scales[c]
 * * bytes[c][..]}. Bytes run from -127 to 127, so that no product of two needs the 17th bit.
 *
 * @param scales {@code [channels]}
 * @param bytes {@code [channels][..]}, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChannelWeights(float[] scales, byte[] bytes) {
  private static final int LARGEST = 127;
  private static final double LARGEST_BIAS = 1 << 30;

  /**
   * @param weights {@code [channels][..]}, row-major
   * @param bias {@code [channels]}, or null
   * @param inputScale of the tensor that the weights meet: a bias is written in steps of {@code
   *     inputScale * scales[c]}, and where it would pass 32 bits (next to almost dead weights) the
   *     channel's scale is raised
   */
  static ChannelWeights of(FloatBuffer weights, int channels, FloatBuffer bias, float inputScale) {
    int each = weights.remaining() / channels;
    float[] scales = new float[channels];
    byte[] bytes = new byte[weights.remaining()];
    for (int c = 0; c < channels; c++) {
      double smallest = bias == null ? 0 : Math.abs(bias.get(c)) / (LARGEST_BIAS * inputScale);
      float scale = (float) Math.max(largest(weights, c * each, each) / LARGEST, smallest);
      scales[c] = scale < Float.MIN_NORMAL ? 1 : scale;
      for (int i = c * each; i < (c + 1) * each; i++) {
        bytes[i] = (byte) Math.rint(weights.get(i) / scales[c]);
      }
    }
    return new ChannelWeights(scales, bytes);
  }

  private static double largest(FloatBuffer weights, int from, int n) {
    double largest = 0;
    for (int i = from; i < from + n; i++) {
      largest = Math.max(largest, Math.abs(weights.get(i)));
    }
    return largest;
  }

  /** The scale of what the products add up to, a channel each. */
  float[] productScales(float inputScale) {
    float[] products = new float[scales.length];
    for (int c = 0; c < products.length; c++) {
      products[c] = inputScale * scales[c];
    }
    return products;
  }

  /** A bias in steps of {@code steps}, {@code [channels]}. */
  static int[] bias(FloatBuffer bias, float[] steps) {
    int[] rounded = new int[bias.remaining()];
    Arrays.setAll(rounded, c -> (int) Math.rint((double) bias.get(c) / steps[c]));
    return rounded;
  }
}
