package org.graft.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.graft.common.SeededHash;
import org.graft.common.UserError;

/** JPEG files to measure with. */
final class BenchPictures {
  static final int WIDTH = 500;
  static final int HEIGHT = 375;
  private static final int MOST = 32;
  private static final float QUALITY = 0.9f;
  private static final double GRAIN = 40;
  private static final double TINT = 60;
  private static final byte[] COMMENT = {(byte) 0xff, (byte) 0xfe, 0, 10};

  private BenchPictures() {}

  /** {@code count} generated pictures of the size that ImageNet's have, all different. */
  static List<byte[]> generated(int count) throws IOException {
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pictures.add(jpeg(WIDTH, HEIGHT, i));
    }
    return pictures;
  }

  /** The first JPEG files in a folder, by name. */
  static List<byte[]> in(Path folder) throws IOException {
    List<byte[]> pictures = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(BenchPictures::isJpeg).sorted().limit(MOST).toList()) {
        pictures.add(Files.readAllBytes(file));
      }
    }
    if (pictures.isEmpty()) {
      throw new UserError(
          "Cannot bench on --pictures %s: there is no .jpg file in it. Name a folder of JPEG pictures, or leave the option out."
              .formatted(folder));
    }
    return pictures;
  }

  private static boolean isJpeg(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file) && (name.endsWith(".jpg") || name.endsWith(".jpeg"));
  }

  /**
   * The same picture in another file: a comment after the marker that begins it holds {@code
   * number}. It takes no longer to decode, and has a key of its own.
   */
  static byte[] numbered(byte[] jpeg, long number) {
    return ByteBuffer.allocate(jpeg.length + COMMENT.length + Long.BYTES)
        .put(jpeg, 0, 2)
        .put(COMMENT)
        .putLong(number)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /**
   * Noise at all scales, each half as strong as the next coarser one, as photographs have it, and
   * grain: about three bits a pixel at this quality.
   */
  static byte[] jpeg(int width, int height, long seed) throws IOException {
    return encode(picture(width, height, seed));
  }

  /** {@code times x times} copies of a picture side by side: large ones are slow to make. */
  static byte[] tiled(int width, int height, int times, long seed) throws IOException {
    BufferedImage tile = picture(width, height, seed);
    BufferedImage all =
        new BufferedImage(times * width, times * height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < times * times; i++) {
      all.setData(tile.getRaster().createTranslatedChild(i % times * width, i / times * height));
    }
    return encode(all);
  }

  private static BufferedImage picture(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double light = GRAIN * (at(seed, 1, x, y) - 0.5);
        for (int scale = 128; scale >= 2; scale /= 2) {
          light += scale * smooth(seed, scale, x, y); // the scales add up to 254
        }
        int red = level(light + TINT * smooth(seed + 1, 64, x, y));
        int blue = level(light - TINT * smooth(seed + 2, 32, x, y));
        image.setRGB(x, y, red << 16 | level(light) << 8 | blue);
      }
    }
    return image;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }

  /** Random numbers in [0, 1) on a grid of {@code scale} pixels, and between them lines. */
  private static double smooth(long seed, int scale, int x, int y) {
    double across = (double) (x % scale) / scale;
    double down = (double) (y % scale) / scale;
    double above =
        mix(
            at(seed, scale, x / scale, y / scale),
            at(seed, scale, x / scale + 1, y / scale),
            across);
    double below =
        mix(
            at(seed, scale, x / scale, y / scale + 1),
            at(seed, scale, x / scale + 1, y / scale + 1),
            across);
    return mix(above, below, down);
  }

  private static double mix(double a, double b, double share) {
    return a + share * (b - a);
  }

  private static double at(long seed, int scale, int column, int row) {
    return SeededHash.unit(SeededHash.hash(seed, scale, column, row));
  }

  private static byte[] encode(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Width and height of a JPEG file. */
  static String size(byte[] jpeg) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    return image.getWidth() + "x" + image.getHeight();
  }
}
