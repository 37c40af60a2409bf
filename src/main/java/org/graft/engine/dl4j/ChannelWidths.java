package org.graft.engine.dl4j;

/** How TensorFlow, torchvision and timm round the number of channels of a scaled network. */
final class ChannelWidths {
  private static final int DIVISOR = 8;

  private ChannelWidths() {}

  /** The nearest multiple of 8, but hardly smaller: at least 0.9 {@code width}. */
  static int nearest(double width) {
    int rounded = Math.max(DIVISOR, (int) (width + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return rounded < 0.9 * width ? rounded + DIVISOR : rounded;
  }
}
