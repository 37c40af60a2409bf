package org.graft.engine.onnx;

import org.graft.backbone.ActivationRanges.Range;

/**
 * How a tensor's floats are written as unsigned bytes: {@code float = scale * (byte - zeroPoint)}.
 *
 * @param zeroPoint 0 to 255: the byte that is zero, exactly
 */
record ActivationScale(float scale, int zeroPoint) {
  private static final int LEVELS = 255;

  /**
   * The range from end to end over all 256 bytes, rounded as onnxruntime's {@code
   * quantization.quant_utils.compute_scale_zp} rounds. A range without extent (a tensor of zeros)
   * has the scale 1.
   */
  static ActivationScale of(Range range) {
    double scale = ((double) range.max() - range.min()) / LEVELS;
    return scale < Float.MIN_NORMAL
        ? new ActivationScale(1, 0)
        : new ActivationScale((float) scale, (int) Math.rint(-range.min() / scale));
  }
}
