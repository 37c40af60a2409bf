package org.graft.image;

import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Size;
import org.graft.image.Resampler.Span;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** A picture file to a network's input, as the weights' authors did it. Thread-safe. */
public final class ImagePreprocessor {
  private final ImageDecoder decoder;
  private final Preprocessing preprocessing;
  private final Resampler resampler;

  /** {@code [channel of the tensor][level 0..255]}. */
  private final float[][] values;

  public ImagePreprocessor(ImageDecoder decoder, Preprocessing preprocessing) {
    this.decoder = decoder;
    this.preprocessing = preprocessing;
    this.resampler = new Resampler(preprocessing.interpolation());
    this.values = values(preprocessing);
  }

  private static float[][] values(Preprocessing preprocessing) {
    float[][] values = new float[3][256];
    for (int c = 0; c < 3; c++) {
      for (int level = 0; level < 256; level++) {
        double scaled = level * preprocessing.scale();
        double centred = scaled - preprocessing.mean().get(c);
        values[c][level] = (float) (centred / preprocessing.std().get(c));
      }
    }
    return values;
  }

  /** Returns NCHW {@code [3][height][width]} of the output size, flattened. */
  public float[] tensor(byte[] content) throws RejectedException {
    DecodedImage image = decode(content);
    Size resized = resized(image.width(), image.height());
    Size output = preprocessing.output();
    Cut across = centre(resized.width(), output.width());
    Cut down = centre(resized.height(), output.height());
    float[] tensor = blank(output);
    fill(tensor, resampler.resize(image, across.span, down.span), across.margin, down.margin);
    return tensor;
  }

  /**
   * One axis of the output: a part of the resized picture, after {@code margin} pixels of padding.
   */
  private record Cut(Span span, int margin) {}

  /** NEAREST takes single pixels, and those of the whole picture. */
  private DecodedImage decode(byte[] content) throws RejectedException {
    return preprocessing.interpolation() == Interpolation.NEAREST
        ? DecodedImage.whole(decoder.decode(content))
        : decoder.decode(content, this::resized);
  }

  private Size resized(int width, int height) throws RejectedException {
    Size stretch = preprocessing.resize().stretch();
    if (stretch != null) {
      return stretch;
    }
    int target = preprocessing.resize().shorterSide();
    return new Size(shorterSide(target, height, width), shorterSide(target, width, height));
  }

  /** torchvision's Resize(int): the longer side is rounded down. */
  private static int shorterSide(int target, int side, int otherSide) throws RejectedException {
    long size = side <= otherSide ? target : (long) target * side / otherSide;
    if (size > Integer.MAX_VALUE) {
      throw new RejectedException(
          Reason.TOO_MANY_PIXELS,
          "picture's side of " + side + " pixels would be resized to " + size);
    }
    return (int) size;
  }

  /** torchvision's CenterCrop: half pixels go to the even side; what is missing is black. */
  private static Cut centre(int size, int crop) {
    if (size < crop) {
      return new Cut(new Span(size, 0, size), (crop - size) / 2);
    }
    return new Cut(new Span(size, (int) Math.rint((size - crop) / 2.0), crop), 0);
  }

  private float[] blank(Size output) {
    int plane = output.height() * output.width();
    float[] tensor = new float[3 * plane];
    for (int i = 0; i < tensor.length; i++) {
      tensor[i] = values[i / plane][0];
    }
    return tensor;
  }

  private void fill(float[] tensor, RgbImage image, int left, int top) {
    byte[] rgb = image.rgb();
    int width = preprocessing.output().width();
    int plane = tensor.length / 3;
    for (int c = 0; c < 3; c++) {
      float[] value = values[c];
      int from = preprocessing.channelOrder() == ChannelOrder.RGB ? c : 2 - c;
      for (int y = 0; y < image.height(); y++) {
        int to = c * plane + (top + y) * width + left;
        for (int x = 0; x < image.width(); x++, from += 3) {
          tensor[to + x] = value[rgb[from] & 0xff];
        }
      }
    }
  }
}
