package org.graft.image;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.graft.common.Checks;

/**
 * How a picture becomes a network's input, exactly as the weights' authors did it. Channel {@code
 * c} of a pixel {@code x} (0..255) becomes {@code (x * scale - mean[c]) / std[c]}.
 *
 * @param resize how the picture is brought to size
 * @param crop height and width cut from the centre afterwards (torchvision's CenterCrop), or null;
 *     where the picture is smaller, {@code fill} surrounds it
 * @param interpolation between pixels, as {@code resizer} computes it
 * @param channelOrder the order of the channels, and so of {@code mean} and {@code std}
 * @param mean one value a channel, in scaled units
 * @param std one value a channel, in scaled units
 * @param alpha what becomes of transparency
 * @param resizer whose arithmetic resizes, or null for PIL's. An explicit PIL becomes null, so that
 *     one rule has one fingerprint: that of the cards from before there was a choice
 * @param fill level (0..255) of each channel around a picture that is smaller than {@code crop}, or
 *     null for black
 */
public record Preprocessing(
    Resize resize,
    Size crop,
    Interpolation interpolation,
    ChannelOrder channelOrder,
    double scale,
    List<Double> mean,
    List<Double> std,
    Alpha alpha,
    Resizer resizer,
    List<Integer> fill) {

  public enum Interpolation {
    NEAREST,
    BILINEAR,
    /** Keys' cubic convolution with a = -0.5. */
    BICUBIC,
    /** Of radius 3; TensorFlow's {@code lanczos3}. */
    LANCZOS,
    /** The mean of the area that an output pixel covers; TensorFlow only. */
    AREA
  }

  public enum Resizer {
    /** {@code Image.resize}: antialiased (but NEAREST), rounded to 0..255. torchvision, timm. */
    PIL,
    /** {@code tf.image.resize}: half-pixel centres, not antialiased, floats. Keras' data sets. */
    TENSORFLOW,
    /** {@code tf.image.resize(antialias=True)}. NEAREST and AREA are the same as without. */
    TENSORFLOW_ANTIALIAS;

    boolean antialias() {
      return this != TENSORFLOW;
    }
  }

  public enum ChannelOrder {
    RGB,
    BGR
  }

  public enum Alpha {
    /** The colour below, as PIL's convert("RGB") has it. */
    DROP,
    /** Composed over white. */
    WHITE
  }

  public record Size(int height, int width) {
    public Size {
      Checks.argument(height > 0 && width > 0, "size must be positive: %d x %d", height, width);
    }
  }

  /**
   * One of these is set.
   *
   * @param shorterSide torchvision's Resize(int): the shorter side gets this length, the longer one
   *     is rounded down
   * @param stretch torchvision's Resize((h, w)), Keras' target_size: the shape gives way
   * @param cover timm's ResizeKeepRatio: the least size of the picture's shape that covers this one
   * @param contain timm's ResizeKeepRatio(longest=1): the largest that lies within this one
   * @param cropToAspectRatio Keras' crop_to_aspect_ratio: the centre of this shape, resized to this
   */
  public record Resize(
      Integer shorterSide, Size stretch, Size cover, Size contain, Size cropToAspectRatio) {
    public Resize {
      Checks.argument(
          Stream.of(shorterSide, stretch, cover, contain, cropToAspectRatio)
                  .filter(Objects::nonNull)
                  .count()
              == 1,
          "set one of shorterSide, stretch, cover, contain and cropToAspectRatio");
    }

    public static Resize shorterSide(int pixels) {
      return new Resize(pixels, null, null, null, null);
    }

    public static Resize stretch(int height, int width) {
      return new Resize(null, new Size(height, width), null, null, null);
    }

    public static Resize cover(int height, int width) {
      return new Resize(null, null, new Size(height, width), null, null);
    }

    public static Resize contain(int height, int width) {
      return new Resize(null, null, null, new Size(height, width), null);
    }

    public static Resize cropToAspectRatio(int height, int width) {
      return new Resize(null, null, null, null, new Size(height, width));
    }

    /** What every picture is resized to, or null where that depends on its shape. */
    Size fixed() {
      return stretch != null ? stretch : cropToAspectRatio;
    }
  }

  public Preprocessing {
    Checks.argument(mean.size() == 3 && std.size() == 3, "mean and std need 3 values");
    Checks.argument(std.stream().allMatch(s -> s > 0), "std must be positive: %s", std);
    Checks.argument(
        crop != null || resize.fixed() != null,
        "shorterSide, cover and contain need a crop to one fixed size");
    resizer = resizer == Resizer.PIL ? null : resizer;
    Checks.argument(
        interpolation != Interpolation.AREA || resizer != null,
        "AREA is TensorFlow's: set resizer to TENSORFLOW");
    Checks.argument(
        fill == null || (fill.size() == 3 && fill.stream().allMatch(l -> l >= 0 && l <= 255)),
        "fill needs 3 levels of 0..255: %s",
        fill);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    fill = fill == null ? null : List.copyOf(fill);
  }

  /** As PIL resizes, on black. */
  public Preprocessing(
      Resize resize,
      Size crop,
      Interpolation interpolation,
      ChannelOrder channelOrder,
      double scale,
      List<Double> mean,
      List<Double> std,
      Alpha alpha) {
    this(resize, crop, interpolation, channelOrder, scale, mean, std, alpha, null, null);
  }

  /** The network's input size. */
  public Size output() {
    return crop != null ? crop : resize.fixed();
  }
}
