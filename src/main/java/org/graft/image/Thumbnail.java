package org.graft.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.sample.RejectedException;

/** A picture file as a small JPEG file: some kB, whatever it was. */
public final class Thumbnail {
  /** Pixels of the longer side, at most. */
  static final int SIDE = 112;

  private static final float QUALITY = 0.75f;
  private static final Resampler RESAMPLER = new Resampler(Interpolation.BICUBIC);

  private Thumbnail() {}

  /**
   * @param maxPixels pictures that declare more are rejected
   */
  public static byte[] jpeg(byte[] content, long maxPixels) throws RejectedException {
    RgbImage picture = PictureDecoder.of(maxPixels, Alpha.WHITE, JpegScaling.NONE).decode(content);
    return jpeg(small(picture));
  }

  private static RgbImage small(RgbImage picture) {
    double scale = Math.min(1, SIDE / (double) Math.max(picture.width(), picture.height()));
    int width = (int) Math.max(1, Math.round(picture.width() * scale));
    int height = (int) Math.max(1, Math.round(picture.height() * scale));
    return RESAMPLER.resize(picture, width, height);
  }

  private static byte[] jpeg(RgbImage picture) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(buffered(picture), null, null), how);
    } catch (IOException e) { // there is nothing but memory
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage buffered(RgbImage picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    int at = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++, at += 3) {
        image.setRGB(x, y, rgb(picture.rgb(), at));
      }
    }
    return image;
  }

  private static int rgb(byte[] rgb, int at) {
    return ((rgb[at] & 0xff) << 16) | ((rgb[at + 1] & 0xff) << 8) | (rgb[at + 2] & 0xff);
  }
}
