package org.graft.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * JPEG through the JDK's own reader, as a raster: ImageIO's colour management and its guesses at
 * colour spaces stay out of it.
 */
final class JdkJpeg {
  private static final ImageReaderSpi SPI = jdkReader();

  /** libjpeg tells of damage only by warning, and paints grey. Of several warnings it tells one. */
  private static final Pattern DAMAGE =
      Pattern.compile(
          "Corrupt JPEG data: (?!\\d+ extraneous bytes before marker 0x(?!d[0-7])).*"
              + "|Inconsistent progression.*");

  private static final String CUT = "Corrupt JPEG data: premature end of data segment";

  private JdkJpeg() {}

  /** Returns {@code [height][width][3]}. */
  static byte[] rgb(JpegHeader header) throws RejectedException {
    byte[] samples = decode(header);
    if (header.components() == 1) {
      return JpegColours.ofGrey(samples);
    }
    if (header.components() == 3) {
      if (header.isYcc()) {
        JpegColours.convertYcc(samples, 3);
      }
      return samples;
    }
    if (header.isYcc()) {
      JpegColours.convertYcck(samples);
    }
    return JpegColours.ofInvertedCmyk(samples);
  }

  /** Returns {@code [height][width][components]}, a byte each. */
  private static byte[] decode(JpegHeader header) throws RejectedException {
    List<String> warnings = new ArrayList<>();
    try (ByteArrayImageStream stream = new ByteArrayImageStream(header.stripped())) {
      Raster raster = decode(stream, warnings);
      checkWhole(stream, warnings);
      byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
      long expected = (long) header.width() * header.height() * header.components();
      if (samples.length != expected) {
        throw new RejectedException(Reason.CORRUPT, "JPEG is not of the size that it declares");
      }
      return samples;
    } catch (IOException e) {
      throw new RejectedException(Reason.CORRUPT, "JPEG is damaged: " + e.getMessage(), e);
    }
  }

  private static Raster decode(ByteArrayImageStream stream, List<String> warnings)
      throws IOException, RejectedException {
    ImageReader reader = SPI.createReaderInstance();
    try {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      return reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      if (stream.ranOut()) {
        throw truncated(stream, e);
      }
      throw e;
    } finally {
      reader.dispose();
    }
  }

  private static void checkWhole(ByteArrayImageStream stream, List<String> warnings)
      throws RejectedException {
    if (stream.ranOut()) {
      throw truncated(stream, null);
    }
    for (String warning : warnings) {
      if (DAMAGE.matcher(warning).matches()) {
        Reason reason = warning.equals(CUT) ? Reason.TRUNCATED : Reason.CORRUPT;
        throw new RejectedException(reason, "JPEG is damaged: " + warning);
      }
    }
  }

  private static RejectedException truncated(ByteArrayImageStream stream, Exception cause) {
    return new RejectedException(
        Reason.TRUNCATED,
        "JPEG ends after " + stream.length() + " bytes, before its picture is complete",
        cause);
  }

  /** Other readers on the class path would give other pixels. */
  private static ImageReaderSpi jdkReader() {
    Iterator<ImageReaderSpi> readers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (readers.hasNext()) {
      ImageReaderSpi reader = readers.next();
      if (reader.getClass().getName().equals("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi")) {
        return reader;
      }
    }
    throw new IllegalStateException("this Java has no JPEG reader: java.desktop is missing");
  }
}
