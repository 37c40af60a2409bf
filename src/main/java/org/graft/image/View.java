package org.graft.image;

import java.io.Serializable;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.SeededHash;
import org.graft.sample.RejectedException;

/**
 * Another look at a picture, to train on: a part of it, perhaps mirrored, in other light, before
 * the card's own preprocessing. What is drawn depends on the seed, the picture's bytes and the
 * view's number alone, so that its features can be kept.
 *
 * <p>As torchvision's RandomResizedCrop (with half to all of the area), RandomHorizontalFlip and
 * ColorJitter (0.2 each, in the order brightness, contrast, saturation).
 *
 * @param number from 1; the card's own preprocessing is view 0
 */
public record View(long seed, int number) implements Serializable {
  private static final double LEAST_AREA = 0.5;
  private static final double MOST_STRETCH = 4.0 / 3;
  private static final double JITTER = 0.2;

  public View {
    Checks.argument(number > 0, "views that change pictures count from 1: %d", number);
  }

  /** For fingerprints: equal texts, equal pixels. */
  public String version() {
    return "view %d of seed %d: crop %s to 1 (by 4:3), flip, colour %s"
        .formatted(number, seed, LEAST_AREA, JITTER);
  }

  /** Decodes as {@code decoder}, and draws the view of each picture. */
  public ImageDecoder of(ImageDecoder decoder) {
    return new ImageDecoder() {
      @Override
      public RgbImage decode(byte[] content) throws RejectedException {
        return new Drawing(SeededHash.hash(seed, Digest.of(content))).of(decoder.decode(content));
      }

      @Override
      public String version() {
        return decoder.version() + ", " + View.this.version();
      }
    };
  }

  /** Of one picture. */
  private final class Drawing {
    private final long picture;

    Drawing(long picture) {
      this.picture = picture;
    }

    private double drawn(int what, double from, double to) {
      return from + (to - from) * SeededHash.unit(SeededHash.hash(picture, number, what));
    }

    RgbImage of(RgbImage image) {
      double area = drawn(0, LEAST_AREA, 1) * image.width() * image.height();
      double stretch = StrictMath.pow(MOST_STRETCH, drawn(1, -1, 1));
      int width = within(Math.sqrt(area * stretch), image.width());
      int height = within(Math.sqrt(area / stretch), image.height());
      int left = (int) drawn(2, 0, image.width() - width + 1);
      int top = (int) drawn(3, 0, image.height() - height + 1);
      return coloured(cut(image, left, top, width, height, drawn(4, 0, 1) < 0.5));
    }

    private RgbImage coloured(RgbImage image) {
      double brightness = drawn(5, 1 - JITTER, 1 + JITTER);
      double contrast = drawn(6, 1 - JITTER, 1 + JITTER);
      double saturation = drawn(7, 1 - JITTER, 1 + JITTER);
      byte[] rgb = image.rgb();
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = level(brightness * (rgb[i] & 0xff));
      }
      double mean = meanGrey(rgb);
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = level(mean + contrast * ((rgb[i] & 0xff) - mean));
      }
      for (int i = 0; i < rgb.length; i += 3) {
        double grey = grey(rgb, i);
        for (int c = i; c < i + 3; c++) {
          rgb[c] = level(grey + saturation * ((rgb[c] & 0xff) - grey));
        }
      }
      return image;
    }
  }

  private static int within(double length, int most) {
    return (int) Math.max(1, Math.min(most, Math.round(length)));
  }

  private static RgbImage cut(
      RgbImage image, int left, int top, int width, int height, boolean mirrored) {
    RgbImage part = RgbImage.blank(width, height);
    for (int y = 0; y < height; y++) {
      int from = 3 * ((top + y) * image.width() + left);
      int to = 3 * y * width;
      for (int x = 0; x < width; x++) {
        int column = mirrored ? width - 1 - x : x;
        System.arraycopy(image.rgb(), from + 3 * column, part.rgb(), to + 3 * x, 3);
      }
    }
    return part;
  }

  private static byte level(double value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static double meanGrey(byte[] rgb) {
    double sum = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      sum += grey(rgb, i);
    }
    return 3 * sum / rgb.length;
  }

  /** PIL's luma. */
  private static double grey(byte[] rgb, int at) {
    return 0.299 * (rgb[at] & 0xff) + 0.587 * (rgb[at + 1] & 0xff) + 0.114 * (rgb[at + 2] & 0xff);
  }
}
