package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComplexFftTest {
  private final SplittableRandom random = new SplittableRandom(1);

  private double[] noise(int length) {
    return random.doubles(length, -1, 1).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 32, 128, 256, 512, 1024})
  void isTheSumThatDefinesIt(int count) {
    double[] re = noise(count);
    double[] im = noise(count);
    double[][] got = transformed(new ComplexFft(count, 1), 0, re, im);
    for (int k = 0; k < count; k++) {
      double sumRe = 0;
      double sumIm = 0;
      for (int i = 0; i < count; i++) {
        double angle = -2 * Math.PI * ((long) i * k % count) / count;
        sumRe += re[i] * Math.cos(angle) - im[i] * Math.sin(angle);
        sumIm += re[i] * Math.sin(angle) + im[i] * Math.cos(angle);
      }
      assertEquals(sumRe, got[0][k], 1e-12 * count);
      assertEquals(sumIm, got[1][k], 1e-12 * count);
    }
  }

  /** A window's levels must not depend on which windows lie beside it. */
  @ParameterizedTest
  @ValueSource(ints = {8, 256, 512, 1024})
  void neighboursChangeNoBit(int count) {
    double[] re = noise(count);
    double[] im = noise(count);
    ComplexFft several = new ComplexFft(count, 0);
    double[][] alone = transformed(new ComplexFft(count, 1), 0, re, im);
    for (int which = 0; which < several.together(); which++) {
      double[][] among = transformed(several, which, re, im);
      assertArrayEquals(alone[0], among[0]);
      assertArrayEquals(alone[1], among[1]);
    }
  }

  private double[][] transformed(ComplexFft fft, int which, double[] re, double[] im) {
    ComplexFft.Table table = fft.table();
    for (int other = 0; other < fft.together(); other++) {
      double[] noise = noise(re.length);
      table.put(other, noise, 0, noise, 0);
    }
    table.put(which, re, 0, im, 0);
    table.transform();
    double[][] result = new double[2][re.length];
    table.get(which, result[0], result[1]);
    return result;
  }
}
