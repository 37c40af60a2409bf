package org.graft.image;

/**
 * JPEG's channels to RGB with libjpeg's integers (jdcolor.c: 16 fractional bits), whatever the file
 * calls its colour space and whatever profile it carries.
 */
final class JpegColours {
  private static final int[] RED_OF_CR = table(1.40200, 1 << 15, 16);
  private static final int[] BLUE_OF_CB = table(1.77200, 1 << 15, 16);
  private static final int[] GREEN_OF_CR = table(-0.71414, 0, 0);
  private static final int[] GREEN_OF_CB = table(-0.34414, 1 << 15, 0);

  private JpegColours() {}

  private static int[] table(double factor, int round, int shift) {
    int fixed = (int) Math.rint(factor * (1 << 16));
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      table[i] = (fixed * (i - 128) + round) >> shift;
    }
    return table;
  }

  static byte[] ofGrey(byte[] grey) {
    byte[] rgb = new byte[3 * grey.length];
    for (int i = 0, at = 0; i < grey.length; i++) {
      rgb[at++] = grey[i];
      rgb[at++] = grey[i];
      rgb[at++] = grey[i];
    }
    return rgb;
  }

  /**
   * YCbCr to RGB in place.
   *
   * @param step bytes a pixel; a fourth channel stays as it is
   */
  static void convertYcc(byte[] pixels, int step) {
    for (int i = 0; i < pixels.length; i += step) {
      int y = pixels[i] & 0xff;
      int cb = pixels[i + 1] & 0xff;
      int cr = pixels[i + 2] & 0xff;
      pixels[i] = clamp(y + RED_OF_CR[cr]);
      pixels[i + 1] = clamp(y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16));
      pixels[i + 2] = clamp(y + BLUE_OF_CB[cb]);
    }
  }

  /** YCCK to CMYK in place: its first three are an inverted RGB. */
  static void convertYcck(byte[] pixels) {
    convertYcc(pixels, 4);
    for (int i = 0; i < pixels.length; i += 4) {
      pixels[i] = (byte) ~pixels[i];
      pixels[i + 1] = (byte) ~pixels[i + 1];
      pixels[i + 2] = (byte) ~pixels[i + 2];
    }
  }

  /**
   * CMYK to RGB by Pillow's formula.
   *
   * @param cmyk inverted, as Adobe's programs write it and Pillow always assumes: 255 is no ink
   */
  static byte[] ofInvertedCmyk(byte[] cmyk) {
    byte[] rgb = new byte[cmyk.length / 4 * 3];
    for (int i = 0, at = 0; i < cmyk.length; i += 4) {
      int white = cmyk[i + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (cmyk[i + c] & 0xff);
        int product = ink * white + 128;
        rgb[at++] = clamp(white - (((product >> 8) + product) >> 8));
      }
    }
    return rgb;
  }

  private static byte clamp(int level) {
    return (byte) Math.max(0, Math.min(255, level));
  }
}
