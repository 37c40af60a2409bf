package org.graft.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Pictures that cost what photographs cost: smooth areas, edges and grain, made from a seed. */
final class BenchmarkPictures {
  private BenchmarkPictures() {}

  /** A JPEG (4:2:0, quality 75: the JDK's defaults). */
  static byte[] jpeg(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    SplittableRandom random = new SplittableRandom(seed);
    double[] wave = random.doubles(12, 5, 60).toArray();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, pixel(x * 500.0 / width, y * 500.0 / width, wave, random));
      }
    }
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "jpg", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int pixel(double x, double y, double[] wave, SplittableRandom random) {
    int grain = random.nextInt(17) - 8;
    int rgb = 0;
    for (int c = 0; c < 3; c++) {
      double smooth = Math.sin(x / wave[c] + c) + Math.sin(y / wave[3 + c]);
      double edges = Math.signum(Math.sin((x + y) / wave[6 + c]) * Math.sin((x - y) / wave[9 + c]));
      int level = (int) (128 + 35 * smooth + 25 * edges) + grain;
      rgb = rgb << 8 | Math.max(0, Math.min(255, level));
    }
    return rgb;
  }
}
