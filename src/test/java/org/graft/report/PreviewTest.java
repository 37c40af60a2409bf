package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.graft.report.Preview.Kind;
import org.graft.text.SentencePair;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private static final long MOST_PIXELS = 1 << 20;

  private static byte[] png(int width, int height, IntBinaryOperator colour) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour.applyAsInt(x, y));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static byte[] jpeg(byte[] picture) {
    return Base64.getDecoder().decode(Kind.PICTURE.preview(picture, MOST_PIXELS).picture());
  }

  private static String text(String text) {
    return Kind.TEXT.preview(text.getBytes(StandardCharsets.UTF_8), MOST_PIXELS).text();
  }

  @Test
  void picturesBecomeSmallAndStayWhatTheyAre() throws IOException {
    byte[] left = png(300, 150, (x, y) -> (x < 150 ? Color.RED : Color.BLUE).getRGB());
    BufferedImage small = ImageIO.read(new ByteArrayInputStream(jpeg(left)));
    assertEquals(112, small.getWidth());
    assertEquals(56, small.getHeight());
    Color red = new Color(small.getRGB(20, 30));
    Color blue = new Color(small.getRGB(90, 30));
    assertTrue(red.getRed() > 240 && red.getBlue() < 15, red.toString());
    assertTrue(blue.getBlue() > 240 && blue.getRed() < 15, blue.toString());
  }

  @Test
  void smallPicturesStayAsLargeAsTheyAre() throws IOException {
    BufferedImage same = ImageIO.read(new ByteArrayInputStream(jpeg(png(9, 1, (x, y) -> 0))));
    assertEquals(9, same.getWidth());
    assertEquals(1, same.getHeight());
  }

  @Test
  void noiseIsTheLargestThereIs() throws IOException {
    Random random = new Random(1);
    int bytes = jpeg(png(400, 400, (x, y) -> random.nextInt())).length;
    assertTrue(bytes < 12_000, bytes + " bytes");
  }

  @Test
  void whatCannotBeReadIsNotShown() throws IOException {
    assertEquals(Preview.NONE, Kind.PICTURE.preview(new byte[] {1, 2, 3}, MOST_PIXELS));
    assertEquals(Preview.NONE, Kind.PICTURE.preview(png(20, 20, (x, y) -> 0), 399));
    assertEquals(Preview.NONE, Kind.TEXT.preview(new byte[] {0}, MOST_PIXELS));
    assertEquals(Preview.NONE, Kind.SOUND.preview(new byte[] {1}, MOST_PIXELS));
  }

  @Test
  void ofTextsTheBeginningIsShown() {
    assertEquals("a b c", text(" a\n\tb  c\n"));
    assertEquals("\uD83D\uDC08".repeat(240), text("\uD83D\uDC08".repeat(240)));
    assertEquals("\uD83D\uDC08".repeat(240) + "\u2026", text("\uD83D\uDC08".repeat(241)));
    byte[] pair = SentencePair.bytes("one", "other");
    assertEquals("one \u2016 other", Kind.TEXT.preview(pair, MOST_PIXELS).text());
  }
}
