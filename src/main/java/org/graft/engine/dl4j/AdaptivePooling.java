package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.graft.common.UserError;

/**
 * torch's {@code AdaptiveAvgPool2d} before the dense layers of torchvision's AlexNet and VGG, which
 * lets them take pictures larger than those that they were trained on. Along an axis of n values it
 * makes {@code size} means, the i-th of those from floor(i n / size) until ceil((i + 1) n / size).
 */
final class AdaptivePooling {
  private AdaptivePooling() {}

  /**
   * Maps that are as small or smaller pass as they are: for smaller ones torch repeats values, but
   * weights that were made on smaller pictures have smaller dense layers.
   *
   * @throws UserError if the windows would not all be of one size, as a layer wants them
   */
  static SubsamplingLayer average(InputTypeConvolutional maps, int size) {
    int[] high = window(maps, maps.getHeight(), size);
    int[] wide = window(maps, maps.getWidth(), size);
    return new SubsamplingLayer.Builder(PoolingType.AVG)
        .kernelSize(high[0], wide[0])
        .stride(high[1], wide[1])
        .build();
  }

  /** Kernel and stride: the windows overlap by one value where one value is left over. */
  private static int[] window(InputTypeConvolutional maps, long length, int size) {
    int stride = Math.max(1, (int) (length / size));
    int over = (int) Math.max(0, length - (long) stride * size);
    if (over > 1) {
      throw new UserError(
          "Cannot average maps of %d x %d to %d x %d for the dense layer: windows of one size do not cover %d values (got %d, wanted a multiple of %d, or one more). Give the card another input size, best the one that the weights were trained on, or cut before the dense layers."
              .formatted(maps.getHeight(), maps.getWidth(), size, size, length, length, size));
    }
    return new int[] {stride + over, stride};
  }
}
