package org.graft.image;

import org.graft.image.Preprocessing.Interpolation;

/**
 * Which inputs shape an output of {@code tf.image.resize} along one axis: TensorFlow's kernels
 * (tensorflow/core/kernels/image), in their float32: near 500, positions are 3e-5 pixels apart.
 */
@FunctionalInterface
interface TensorFlowRule {

  /**
   * @param position of the output, below {@code outSize}
   */
  Taps at(int position, int inSize, int outSize);

  /**
   * Inputs from {@code first} on, and their weights.
   *
   * @param weights not compared
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Taps(int first, float[] weights) {
    int end() {
      return first + weights.length;
    }
  }

  /** A filter's weight at a distance of at least 0 pixels. */
  @FunctionalInterface
  interface Kernel {
    float at(float distance);
  }

  static TensorFlowRule of(Interpolation interpolation, boolean antialias) {
    return switch (interpolation) {
      case NEAREST -> TensorFlowRule::nearest;
      case AREA -> TensorFlowRule::area;
      case BILINEAR ->
          antialias ? spanning(1, true, TensorFlowRule::triangle) : TensorFlowRule::bilinear;
      case BICUBIC -> antialias ? spanning(2, true, TensorFlowRule::keys) : TensorFlowRule::bicubic;
      case LANCZOS -> spanning(3, antialias, TensorFlowRule::lanczos);
    };
  }

  /** resize_nearest_neighbor_op with half-pixel centres. */
  private static Taps nearest(int position, int inSize, int outSize) {
    float centre = (position + 0.5f) * (inSize / (float) outSize);
    return new Taps(Math.min((int) centre, inSize - 1), new float[] {1});
  }

  /** resize_bilinear_op with half-pixel centres; beyond the edge comes the edge. */
  private static Taps bilinear(int position, int inSize, int outSize) {
    float in = halfPixel(position, inSize, outSize);
    int floor = (int) Math.floor(in);
    if (floor < 0 || floor + 1 >= inSize) {
      return new Taps(Math.max(floor, 0), new float[] {1});
    }
    float upper = in - floor;
    return new Taps(floor, new float[] {1 - upper, upper});
  }

  /** resize_bicubic_op with half-pixel centres: its weights lie in a table of 1,024 steps. */
  private static Taps bicubic(int position, int inSize, int outSize) {
    float in = halfPixel(position, inSize, outSize);
    int floor = (int) Math.floor(in);
    float step = (float) Math.rint((in - floor) * 1024) / 1024;
    int first = Math.max(floor - 1, 0);
    float[] weights = new float[Math.min(floor + 3, inSize) - first];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = keys(Math.abs(first + i - floor - step));
    }
    return normalised(first, weights);
  }

  /** resize_area_op: the mean over what an output covers, wherever pixels begin. */
  private static Taps area(int position, int inSize, int outSize) {
    float scale = inSize / (float) outSize;
    float from = position * scale;
    float to = (position + 1) * scale;
    int first = (int) from;
    int end = (int) Math.ceil(to);
    float[] weights = new float[Math.min(end, inSize) - first];
    for (int i = first; i < end; i++) {
      boolean within = i < from && i + 1 > to;
      float covered = within ? scale : Math.min(i + 1, to) - Math.max(i, from);
      weights[Math.min(i, inSize - 1) - first] += covered / scale;
    }
    return new Taps(first, weights);
  }

  /** scale_and_translate_op: {@code antialias} widens the filter when there are fewer outputs. */
  private static TensorFlowRule spanning(float radius, boolean antialias, Kernel kernel) {
    return (position, inSize, outSize) -> {
      float scale = 1 / (outSize / (float) inSize);
      float widened = antialias ? Math.max(scale, 1) : 1;
      float centre = (position + 0.5f) * scale;
      float reach = radius * widened;
      int first = Math.max((int) Math.ceil(centre - reach - 0.5f), 0);
      int last = Math.min((int) Math.floor(centre + reach - 0.5f), inSize - 1);
      float[] weights = new float[last + 1 - first];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = kernel.at(Math.abs((first + i + 0.5f - centre) * (1 / widened)));
      }
      return normalised(first, weights);
    };
  }

  private static float halfPixel(int position, int inSize, int outSize) {
    return (position + 0.5f) * (inSize / (float) outSize) - 0.5f;
  }

  /** What lies outside the picture has no part in the sum of 1. */
  private static Taps normalised(int first, float[] weights) {
    float sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return new Taps(first, weights);
  }

  private static float triangle(float x) {
    return Math.max(0, 1 - x);
  }

  /** Keys' cubic convolution with a = -0.5. */
  private static float keys(float x) {
    if (x < 1) {
      return (1.5f * x - 2.5f) * x * x + 1;
    }
    return x < 2 ? ((-0.5f * x + 2.5f) * x - 4) * x + 2 : 0;
  }

  private static float lanczos(float x) {
    if (x > 3) {
      return 0;
    }
    double pi = Math.PI * x;
    return x <= 1e-3f ? 1 : (float) (3 * Math.sin(pi) * Math.sin(pi / 3) / (pi * pi));
  }
}
