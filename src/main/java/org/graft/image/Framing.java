package org.graft.image;

import org.graft.image.DecodedImage.Extent;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Size;
import org.graft.image.Resampler.Span;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Which part of a picture becomes which part of a network's input. */
record Framing(Axis across, Axis down) {

  /**
   * @param source the pixels that are resized, whole ones
   * @param span what of the result is kept
   * @param margin pixels of padding before it
   */
  record Axis(Extent source, Span span, int margin) {

    /** torchvision's CenterCrop: half pixels go to the even side. */
    static Axis centre(Extent source, int size, int crop) {
      if (size < crop) {
        return new Axis(source, new Span(size, 0, size), (crop - size) / 2);
      }
      return new Axis(source, new Span(size, (int) Math.rint((size - crop) / 2.0), crop), 0);
    }

    /** What the whole picture would be resized to, rounded up. */
    private int whole(int length) {
      long part = (long) (source.to() - source.from());
      return (int) Math.min(Integer.MAX_VALUE, ((long) length * span.size() + part - 1) / part);
    }
  }

  static Framing of(Preprocessing preprocessing, int width, int height) throws RejectedException {
    Resize resize = preprocessing.resize();
    Size resized = resized(resize, width, height);
    Size output = preprocessing.output();
    Size shape = resize.cropToAspectRatio();
    Extent columns =
        shape == null ? whole(width) : cut(width, height, shape.width(), shape.height());
    Extent rows = shape == null ? whole(height) : cut(height, width, shape.height(), shape.width());
    return new Framing(
        Axis.centre(columns, resized.width(), output.width()),
        Axis.centre(rows, resized.height(), output.height()));
  }

  /** What the whole picture would be resized to, rounded up. */
  Size whole(int width, int height) {
    return new Size(down.whole(height), across.whole(width));
  }

  private static Extent whole(int length) {
    return new Extent(0, length);
  }

  /** Keras' load_img(keep_aspect_ratio=True) and smart_resize: rounded down, as is the start. */
  private static Extent cut(int length, int otherLength, int side, int otherSide) {
    int part = (int) Math.max(1, Math.min(length, (long) otherLength * side / otherSide));
    int start = (length - part) / 2;
    return new Extent(start, start + part);
  }

  private static Size resized(Resize resize, int width, int height) throws RejectedException {
    if (resize.fixed() != null) {
      return resize.fixed();
    }
    if (resize.shorterSide() != null) {
      int target = resize.shorterSide();
      return new Size(shorterSide(target, height, width), shorterSide(target, width, height));
    }
    Size target = resize.cover() != null ? resize.cover() : resize.contain();
    double high = (double) height / target.height();
    double wide = (double) width / target.width();
    double ratio = resize.cover() != null ? Math.min(high, wide) : Math.max(high, wide);
    return new Size(rounded(height, height / ratio), rounded(width, width / ratio));
  }

  /** torchvision's Resize(int): the longer side is rounded down. */
  private static int shorterSide(int target, int side, int otherSide) throws RejectedException {
    return within(side, side <= otherSide ? target : (long) target * side / otherSide);
  }

  /** Rounded as Python's round does, to at least a pixel. */
  private static int rounded(int side, double size) throws RejectedException {
    return within(side, Math.max(1, (long) Math.rint(size)));
  }

  private static int within(int side, long size) throws RejectedException {
    if (size > Integer.MAX_VALUE) {
      throw new RejectedException(
          Reason.TOO_MANY_PIXELS,
          "picture's side of " + side + " pixels would be resized to " + size);
    }
    return (int) size;
  }
}
