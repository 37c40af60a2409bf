package org.graft.image;

import java.util.Arrays;
import org.graft.image.DecodedImage.Extent;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Resampler.Span;
import org.graft.image.TensorFlowRule.Taps;

/** Resizes as {@code tf.image.resize} does, to levels that are not rounded. Thread-safe. */
final class TensorFlowResampler {
  private final TensorFlowRule rule;

  TensorFlowResampler(Interpolation interpolation, boolean antialias) {
    this.rule = TensorFlowRule.of(interpolation, antialias);
  }

  /**
   * The window {@code across} x {@code down} of the resized picture; only the window is computed.
   * What lies outside the image's extents, which are whole pixels, is never looked at.
   *
   * @return {@code [down.length][across.length][3]} flattened, levels of about 0..255
   */
  float[] resize(DecodedImage image, Span across, Span down) {
    Taps[] columns = taps(image.across(), across);
    Taps[] rows = taps(image.down(), down);
    int rowLength = 3 * across.length();
    float[] out = new float[Math.multiplyExact(rowLength, down.length())];
    int longest = Arrays.stream(rows).mapToInt(row -> row.weights().length).max().orElseThrow();
    float[][] ring = new float[longest][rowLength];
    int next = 0;
    for (int y = 0; y < rows.length; y++) {
      Taps row = rows[y];
      for (next = Math.max(next, row.first()); next < row.end(); next++) {
        narrow(image, next + (int) image.down().from(), columns, ring[next % longest]);
      }
      for (int k = 0; k < row.weights().length; k++) {
        float[] narrowed = ring[(row.first() + k) % longest];
        accumulate(out, y * rowLength, narrowed, row.weights()[k]);
      }
    }
    return out;
  }

  private Taps[] taps(Extent extent, Span span) {
    Taps[] taps = new Taps[span.length()];
    int inSize = (int) (extent.to() - extent.from());
    Arrays.setAll(taps, i -> rule.at(span.from() + i, inSize, span.size()));
    return taps;
  }

  private static void narrow(DecodedImage image, int y, Taps[] columns, float[] row) {
    byte[] rgb = image.pixels().rgb();
    int start = y * image.pixels().width() + (int) image.across().from();
    for (int x = 0; x < columns.length; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = 3 * (start + columns[x].first());
      for (float weight : columns[x].weights()) {
        red += (rgb[at] & 0xff) * weight;
        green += (rgb[at + 1] & 0xff) * weight;
        blue += (rgb[at + 2] & 0xff) * weight;
        at += 3;
      }
      row[3 * x] = red;
      row[3 * x + 1] = green;
      row[3 * x + 2] = blue;
    }
  }

  /** Its own method, so that the JIT compiles this loop to vector instructions. */
  private static void accumulate(float[] sums, int start, float[] row, float weight) {
    for (int i = 0; i < row.length; i++) {
      sums[start + i] += row[i] * weight;
    }
  }
}
