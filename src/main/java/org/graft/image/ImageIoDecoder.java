package org.graft.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Decodes with what every JDK has: JPEG through {@code javax.imageio}, PNG, GIF and BMP by readers
 * of our own, because ImageIO's leave damage and transparency to the JDK's version. Pixels are what
 * Pillow's {@code exif_transpose(open(file)).convert("RGB")} gives: exactly for PNG, GIF and BMP,
 * to within the JPEG library's rounding for JPEG. Colour profiles are not applied, as Pillow does
 * not.
 *
 * <p>A picture without its end is rejected, even where pixels might be guessed: half a grey picture
 * is worse than none.
 */
public final class ImageIoDecoder implements ImageDecoder {
  /** To be raised with every change that changes pixels. */
  private static final int REVISION = 1;

  private final PixelLimit limit;
  private final Alpha alpha;

  /**
   * @param maxPixels pictures whose header declares more are rejected unseen
   */
  public ImageIoDecoder(long maxPixels, Alpha alpha) {
    Checks.argument(maxPixels > 0, "maxPixels must be positive: %d", maxPixels);
    this.limit = new PixelLimit(maxPixels);
    this.alpha = alpha;
  }

  @Override
  public RgbImage decode(byte[] content) throws RejectedException {
    PictureFormat format = PictureFormat.decodable(content);
    try {
      return switch (format) {
        case JPEG -> new JpegReader(limit).read(content);
        case PNG -> new PngReader(limit, alpha).read(content);
        case GIF -> new GifReader(limit, alpha).read(content);
        case BMP -> new BmpReader(limit, alpha).read(content);
        default -> throw new IllegalStateException("no reader of " + format);
      };
    } catch (RuntimeException e) { // a file's doing, not ours: native readers throw many kinds
      throw new RejectedException(Reason.CORRUPT, format + " cannot be decoded: " + e, e);
    }
  }

  /**
   * Our revision, and a digest of what this JVM makes of a small JPEG: the JDK may be linked to any
   * JPEG library, and only the library's arithmetic shapes pixels, not the JDK's version.
   */
  @Override
  public String version() {
    return "imageio-" + REVISION + "-" + Probe.DIGEST;
  }

  private static final class Probe {
    static final String DIGEST = digest();

    private static String digest() {
      try (InputStream in = ImageIoDecoder.class.getResourceAsStream("probe.jpg")) {
        RgbImage pixels = new JpegReader(new PixelLimit(10_000)).read(in.readAllBytes());
        return Digest.of(pixels.rgb()).substring(0, 12);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RejectedException e) {
        throw new IllegalStateException("this JVM cannot decode JPEG pictures", e);
      }
    }
  }
}
