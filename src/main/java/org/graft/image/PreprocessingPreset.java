package org.graft.image;

import java.util.Arrays;
import java.util.List;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Size;

/** The ways in which most published networks want their pictures, for any input size. */
public enum PreprocessingPreset {
  /** torchvision's: the shorter side to 256 for a crop of 224, mean and deviation of ImageNet. */
  IMAGENET_TORCH("imagenet-torch", "resize 256 / crop 224, bilinear, ImageNet mean and std") {
    @Override
    public Preprocessing at(int height, int width) {
      Resize resize = Resize.shorterSide(Math.round(Math.max(height, width) * 256 / 224f));
      return rgb(resize, new Size(height, width), Interpolation.BILINEAR, IMAGENET);
    }
  },
  /** timm's default: {@code crop_pct} 0.875, bicubic. */
  IMAGENET_BICUBIC("imagenet-bicubic", "timm: crop 0.875, bicubic, ImageNet mean and std") {
    @Override
    public Preprocessing at(int height, int width) {
      Resize resize = Resize.shorterSide((int) (Math.max(height, width) / 0.875));
      return rgb(resize, new Size(height, width), Interpolation.BICUBIC, IMAGENET);
    }
  },
  /** OpenAI's CLIP. */
  CLIP("clip", "resize and crop to size, bicubic, CLIP's mean and std") {
    @Override
    public Preprocessing at(int height, int width) {
      Resize resize = Resize.shorterSide(Math.max(height, width));
      return rgb(resize, new Size(height, width), Interpolation.BICUBIC, OF_CLIP);
    }
  },
  /** Keras' {@code preprocess_input} in mode "tf". */
  KERAS_TF("keras-tf", "stretch to size, [-1, 1]") {
    @Override
    public Preprocessing at(int height, int width) {
      Scaling scaling = new Scaling(1 / 127.5, List.of(1.0, 1.0, 1.0), ONES);
      return rgb(Resize.stretch(height, width), null, Interpolation.NEAREST, scaling);
    }
  },
  /** Keras' {@code preprocess_input} in mode "caffe". */
  KERAS_CAFFE("keras-caffe", "stretch to size, BGR less ImageNet's mean, 0..255") {
    @Override
    public Preprocessing at(int height, int width) {
      Scaling scaling = new Scaling(1, List.of(103.939, 116.779, 123.68), ONES);
      Resize resize = Resize.stretch(height, width);
      return new Preprocessing(
          resize,
          null,
          Interpolation.NEAREST,
          ChannelOrder.BGR,
          scaling.scale,
          scaling.mean,
          scaling.std,
          Alpha.DROP);
    }
  },
  /** Keras' {@code preprocess_input} in mode "torch". */
  KERAS_TORCH("keras-torch", "stretch to size, ImageNet mean and std") {
    @Override
    public Preprocessing at(int height, int width) {
      return rgb(Resize.stretch(height, width), null, Interpolation.NEAREST, IMAGENET);
    }
  },
  UNIT("unit", "stretch to size, bilinear, [0, 1]") {
    @Override
    public Preprocessing at(int height, int width) {
      Scaling scaling = new Scaling(1 / 255.0, ZEROS, ONES);
      return rgb(Resize.stretch(height, width), null, Interpolation.BILINEAR, scaling);
    }
  },
  /** For networks that normalise inside, and for those that take bytes. */
  NONE("none", "stretch to size, bilinear, 0..255") {
    @Override
    public Preprocessing at(int height, int width) {
      Scaling scaling = new Scaling(1, ZEROS, ONES);
      return rgb(Resize.stretch(height, width), null, Interpolation.BILINEAR, scaling);
    }
  };

  private record Scaling(double scale, List<Double> mean, List<Double> std) {}

  private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
  private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);
  private static final Scaling IMAGENET =
      new Scaling(1 / 255.0, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  private static final Scaling OF_CLIP =
      new Scaling(
          1 / 255.0,
          List.of(0.48145466, 0.4578275, 0.40821073),
          List.of(0.26862954, 0.26130258, 0.27577711));

  private final String id;
  private final String text;

  PreprocessingPreset(String id, String text) {
    this.id = id;
    this.text = text;
  }

  /** For a network that takes pictures of this size. */
  public abstract Preprocessing at(int height, int width);

  /** As the user names it. */
  public String id() {
    return id;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /**
   * @throws UserError with the nearest name, if there is none of that name
   */
  public static PreprocessingPreset of(String id) {
    List<String> ids = Arrays.stream(values()).map(PreprocessingPreset::id).toList();
    int found = ids.indexOf(id);
    if (found < 0) {
      throw new UserError(
          "Cannot prepare pictures by '%s': the presets are %s.%s"
              .formatted(id, ids, NearestMatch.hint(id, ids)));
    }
    return values()[found];
  }

  private static Preprocessing rgb(
      Resize resize, Size crop, Interpolation interpolation, Scaling scaling) {
    return new Preprocessing(
        resize,
        crop,
        interpolation,
        ChannelOrder.RGB,
        scaling.scale,
        scaling.mean,
        scaling.std,
        Alpha.DROP);
  }
}
