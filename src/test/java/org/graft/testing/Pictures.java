package org.graft.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures of coloured shapes, each different, by seed: a class is a hue and a shape. */
public final class Pictures {
  private static final int WIDTH = 26;
  private static final int HEIGHT = 22;

  private Pictures() {}

  /** The bytes of a PNG: number {@code index} of class {@code of}, of {@code classes}. */
  public static byte[] png(int of, int classes, int index, long seed) throws IOException {
    Random random = new Random(seed * 1_000_003 + of * 10_007L + index);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, new Color(random.nextInt(60), random.nextInt(60), 40).getRGB());
      }
    }
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.getHSBColor((float) of / classes, 0.9f, 0.7f + random.nextInt(3) / 8f));
    int x = 1 + random.nextInt(8);
    int y = 1 + random.nextInt(8);
    if (of % 2 == 0) {
      graphics.fillOval(x, y, 14, 12);
    } else {
      graphics.fillRect(x, y, 14, 12);
    }
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  /** Where {@link #write} puts a picture: {@code class-007/00012.png}. */
  public static Path file(Path root, int of, int index) {
    return root.resolve("class-%03d".formatted(of)).resolve("%05d.png".formatted(index));
  }

  public static void one(Path root, int of, int classes, int index, long seed) throws IOException {
    Path file = file(root, of, index);
    Files.createDirectories(file.getParent());
    Files.write(file, png(of, classes, index, seed));
  }

  /** A folder a class. */
  public static void write(Path root, int classes, int perClass, long seed) throws IOException {
    for (int of = 0; of < classes; of++) {
      for (int index = 0; index < perClass; index++) {
        one(root, of, classes, index, seed);
      }
    }
  }

  /** All files below {@code root}, sorted. */
  public static List<Path> in(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
    }
  }
}
