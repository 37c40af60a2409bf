package org.graft.image;

import java.util.List;
import org.graft.common.Checks;

/**
 * How a picture becomes a network's input, exactly as the weights' authors did it. Channel {@code
 * c} of a pixel {@code x} (0..255) becomes {@code (x * scale - mean[c]) / std[c]}.
 *
 * @param resize how the picture is brought to size
 * @param crop height and width cut from the centre afterwards (torchvision's CenterCrop), or null
 * @param interpolation as PIL names it, with PIL's antialiasing (only NEAREST has none)
 * @param channelOrder the order of the channels, and so of {@code mean} and {@code std}
 * @param mean one value a channel, in scaled units
 * @param std one value a channel, in scaled units
 * @param alpha what becomes of transparency
 */
public record Preprocessing(
    Resize resize,
    Size crop,
    Interpolation interpolation,
    ChannelOrder channelOrder,
    double scale,
    List<Double> mean,
    List<Double> std,
    Alpha alpha) {

  public enum Interpolation {
    NEAREST,
    BILINEAR,
    BICUBIC,
    LANCZOS
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

  /** One of the two is set. */
  public record Resize(Integer shorterSide, Size stretch) {
    public Resize {
      Checks.argument(
          (shorterSide == null) != (stretch == null), "set either shorterSide or stretch");
    }

    /** torchvision's Resize(int): the shorter side gets this length, the shape stays. */
    public static Resize shorterSide(int pixels) {
      return new Resize(pixels, null);
    }

    /** torchvision's Resize((h, w)), Keras' target_size: the shape gives way. */
    public static Resize stretch(int height, int width) {
      return new Resize(null, new Size(height, width));
    }
  }

  public Preprocessing {
    Checks.argument(mean.size() == 3 && std.size() == 3, "mean and std need 3 values");
    Checks.argument(std.stream().allMatch(s -> s > 0), "std must be positive: %s", std);
    Checks.argument(
        crop != null || resize.stretch() != null, "shorterSide needs a crop to one fixed size");
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** The network's input size. */
  public Size output() {
    return crop != null ? crop : resize.stretch();
  }
}
