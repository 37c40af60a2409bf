package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealFftTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64, 128, 256, 512, 1024, 2048})
  void isTheSumThatDefinesIt(int length) {
    double[] samples = new SplittableRandom(1).doubles(length, -1, 1).toArray();
    RealFft fft = new RealFft(length);
    double[] re = new double[length / 2];
    double[] im = new double[length / 2];
    for (int i = 0; i < length / 2; i++) {
      re[fft.place(i)] = samples[2 * i];
      im[fft.place(i)] = samples[2 * i + 1];
    }
    double[] power = new double[length / 2 + 1];
    fft.power(re, im, power);
    for (int k = 0; k <= length / 2; k++) {
      double sumRe = 0;
      double sumIm = 0;
      for (int i = 0; i < length; i++) {
        double angle = -2 * Math.PI * ((long) i * k % length) / length;
        sumRe += samples[i] * Math.cos(angle);
        sumIm += samples[i] * Math.sin(angle);
      }
      assertEquals(sumRe * sumRe + sumIm * sumIm, power[k], 1e-12 * length * length, "bin " + k);
    }
  }
}
