package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;

  /** Red counts the columns, green the rows, blue is the content's first byte. */
  private static final ImageDecoder GRADIENT =
      new ImageDecoder() {
        @Override
        public RgbImage decode(byte[] content) {
          RgbImage image = RgbImage.blank(WIDTH, HEIGHT);
          for (int i = 0; i < WIDTH * HEIGHT; i++) {
            image.rgb()[3 * i] = (byte) (60 + 3 * (i % WIDTH));
            image.rgb()[3 * i + 1] = (byte) (60 + 3 * (i / WIDTH));
            image.rgb()[3 * i + 2] = content[0];
          }
          return image;
        }

        @Override
        public String version() {
          return "gradient";
        }
      };

  private static RgbImage view(long seed, int number, int content) throws Exception {
    return new View(seed, number).of(GRADIENT).decode(new byte[] {(byte) content});
  }

  @Test
  void isDrawnBySeedNumberAndContentAlone() throws Exception {
    assertEquals(view(1, 1, 100), view(1, 1, 100));
    assertNotEquals(view(1, 1, 100), view(2, 1, 100));
    assertNotEquals(view(1, 1, 100), view(1, 2, 100));
    assertNotEquals(view(1, 1, 100), view(1, 1, 101));
  }

  @Test
  void areaShapeAndLightStayWithinTheirBounds() throws Exception {
    Set<Boolean> mirrored = new HashSet<>();
    double least = 1;
    double most = 0;
    for (int number = 1; number <= 200; number++) {
      RgbImage image = view(7, number, 100);
      double area = (double) image.width() * image.height() / (WIDTH * HEIGHT);
      least = Math.min(least, area);
      most = Math.max(most, area);
      assertTrue(image.width() <= WIDTH && image.height() <= HEIGHT);
      int left = image.rgb()[0] & 0xff;
      int right = image.rgb()[3 * (image.width() - 1)] & 0xff;
      mirrored.add(left > right);
      int top = image.rgb()[1] & 0xff;
      int bottom = image.rgb()[3 * image.width() * (image.height() - 1) + 1] & 0xff;
      assertTrue(bottom > top, "no picture stands on its head");
    }
    assertTrue(least > 0.4 && least < 0.6, "least area " + least);
    assertTrue(most > 0.85 && most <= 1, "largest area " + most);
    assertEquals(Set.of(true, false), mirrored);
  }

  @Test
  void colourIsChangedByAFifthAtMost() throws Exception {
    ImageDecoder grey = flat(100);
    double sum = 0;
    for (int number = 1; number <= 200; number++) {
      int level = new View(3, number).of(grey).decode(new byte[] {1}).rgb()[0] & 0xff;
      assertTrue(level >= 80 && level <= 120, "level " + level);
      sum += level;
    }
    assertEquals(100, sum / 200, 3);
  }

  private static ImageDecoder flat(int level) {
    return new ImageDecoder() {
      @Override
      public RgbImage decode(byte[] content) {
        RgbImage image = RgbImage.blank(8, 8);
        java.util.Arrays.fill(image.rgb(), (byte) level);
        return image;
      }

      @Override
      public String version() {
        return "flat";
      }
    };
  }

  @Test
  void theVersionTellsViewsApart() {
    String one = new View(1, 1).of(GRADIENT).version();
    assertTrue(one.startsWith("gradient, view 1 of seed 1"), one);
    assertNotEquals(one, new View(1, 2).of(GRADIENT).version());
    assertThrows(IllegalArgumentException.class, () -> new View(1, 0));
  }
}
