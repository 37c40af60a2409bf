package org.graft.image;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.graft.common.Checks;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The best decoder there is: JPEG through a native library where one is installed and through the
 * JDK where not, PNG, GIF and BMP by readers of our own, because ImageIO's leave damage and
 * transparency to the JDK's version. Pixels are what Pillow's {@code
 * exif_transpose(open(file)).convert("RGB")} gives: exactly for PNG, GIF and BMP, to within the
 * JPEG library's rounding for JPEG. Colour profiles are not applied, as Pillow does not.
 *
 * <p>The JDK also decodes what the library warns of, four channels (CMYK, YCCK), and three whose
 * colour space only an Adobe marker tells.
 *
 * <p>A picture without its end is rejected, even where pixels might be guessed: half a grey picture
 * is worse than none.
 */
public final class PictureDecoder implements ImageDecoder {
  /** System property; {@code false} leaves all JPEG pictures to the JDK. */
  static final String NATIVE = "graft.jpeg.native";

  private static final Logger LOG = LoggerFactory.getLogger(PictureDecoder.class);

  private final PixelLimit limit;
  private final Alpha alpha;
  private final JpegReader jpeg;

  private PictureDecoder(long maxPixels, Alpha alpha, JpegCodec codec, JpegScaling scaling) {
    Checks.argument(maxPixels > 0, "maxPixels must be positive: %d", maxPixels);
    this.limit = new PixelLimit(maxPixels);
    this.alpha = alpha;
    this.jpeg = new JpegReader(limit, codec, scaling);
  }

  /**
   * @param maxPixels pictures whose header declares more are rejected unseen
   */
  public static PictureDecoder of(long maxPixels, Alpha alpha, JpegScaling scaling) {
    return new PictureDecoder(maxPixels, alpha, Installed.CODEC, scaling);
  }

  /** Without native code, and so without scaling. */
  static PictureDecoder ofJdk(long maxPixels, Alpha alpha) {
    return new PictureDecoder(maxPixels, alpha, null, JpegScaling.NONE);
  }

  @Override
  public RgbImage decode(byte[] content) throws RejectedException {
    return decode(content, (width, height) -> new Size(height, width)).pixels();
  }

  @Override
  public DecodedImage decode(byte[] content, Resizing resizing) throws RejectedException {
    PictureFormat format = PictureFormat.decodable(content);
    try {
      return switch (format) {
        case JPEG -> jpeg.read(content, resizing);
        case PNG -> DecodedImage.whole(new PngReader(limit, alpha).read(content));
        case GIF -> DecodedImage.whole(new GifReader(limit, alpha).read(content));
        case BMP -> DecodedImage.whole(new BmpReader(limit, alpha).read(content));
        default -> throw new IllegalStateException("no reader of " + format);
      };
    } catch (RuntimeException e) { // a file's doing, not ours: native readers throw many kinds
      throw new RejectedException(Reason.CORRUPT, format + " cannot be decoded: " + e, e);
    }
  }

  @Override
  public String version() {
    return jpeg.version();
  }

  /** Once a process: what is installed cannot change. */
  private static final class Installed {
    static final JpegCodec CODEC =
        Boolean.parseBoolean(System.getProperty(NATIVE, "true")) ? find() : null;

    private static JpegCodec find() {
      String reason = "none is installed for this platform";
      try {
        Optional<JpegCodec> codec =
            ServiceLoader.load(JpegCodec.class, PictureDecoder.class.getClassLoader()).findFirst();
        if (codec.isPresent()) {
          JpegReader.probe(codec.get(), 1);
          return codec.get();
        }
      } catch (ServiceConfigurationError | IllegalStateException e) {
        reason = String.valueOf(e.getCause() != null ? e.getCause() : e);
      }
      LOG.warn(
          "The JDK decodes JPEG pictures, at about half the speed and never at a part of their"
              + " size: no native JPEG library could be loaded ({}).",
          reason);
      return null;
    }
  }
}
