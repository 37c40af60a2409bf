package org.graft.image;

import org.graft.image.DecodedImage.Extent;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Resampler.Span;

/**
 * For each output position along one axis, the inputs that shape it and their weights: Pillow's
 * {@code precompute_coeffs} and {@code normalize_coeffs_8bpc} (src/libImaging/Resample.c).
 */
final class ResampleTable {
  /** Of the weights' fixed point; a byte and two bits for overshoot fit above. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /** Rounds to nearest: where every sum starts. */
  static final int HALF = 1 << (PRECISION_BITS - 1);

  /** {@code [length]}: the first input. */
  final int[] first;

  /** {@code [length]}: the number of inputs. */
  final int[] count;

  /** {@code [length][stride]} flattened. */
  final int[] weights;

  final int stride;

  /**
   * @param inSize pixels there are
   * @param extent what of them is resized: Pillow's {@code box}
   */
  ResampleTable(int inSize, Extent extent, Span out, Interpolation filter) {
    int length = out.length();
    double scale = (extent.to() - extent.from()) / out.size();
    double filterScale = Math.max(scale, 1.0);
    double support = radius(filter) * filterScale;
    first = new int[length];
    count = new int[length];
    stride = (int) Math.min(Math.ceil(support) * 2 + 1, inSize);
    weights = new int[Math.multiplyExact(length, stride)];
    double[] kernel = new double[stride];
    for (int i = 0; i < length; i++) {
      double centre = extent.from() + (out.from() + i + 0.5) * scale;
      first[i] = Math.max(0, (int) (centre - support + 0.5));
      count[i] = Math.min(inSize, (int) (centre + support + 0.5)) - first[i];
      double sum = 0;
      for (int k = 0; k < count[i]; k++) {
        kernel[k] = weight(filter, (k + first[i] - centre + 0.5) * (1.0 / filterScale));
        sum += kernel[k];
      }
      for (int k = 0; k < count[i]; k++) {
        weights[i * stride + k] = fixedPoint(sum == 0 ? kernel[k] : kernel[k] / sum);
      }
    }
  }

  /** One past the last input of an output. */
  int end(int output) {
    return first[output] + count[output];
  }

  /** Of a sum, begun at {@link #HALF}: 0..255. */
  static int level(int sum) {
    int level = sum >> PRECISION_BITS;
    return (level & ~0xff) == 0 ? level : level < 0 ? 0 : 255;
  }

  private static int fixedPoint(double weight) {
    return (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
  }

  private static double radius(Interpolation filter) {
    return switch (filter) {
      case BILINEAR -> 1;
      case BICUBIC -> 2;
      case LANCZOS -> 3;
      default -> throw new IllegalArgumentException("Pillow has no weights for " + filter);
    };
  }

  private static double weight(Interpolation filter, double x) {
    return switch (filter) {
      case BILINEAR -> Math.max(0, 1 - Math.abs(x));
      case BICUBIC -> cubic(Math.abs(x));
      default -> -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  /** Keys' cubic convolution with a = -0.5. */
  private static double cubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
