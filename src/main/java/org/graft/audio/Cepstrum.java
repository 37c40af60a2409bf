package org.graft.audio;

import org.graft.audio.AudioPreparation.Level;

/** MFCC as TensorFlow's {@code Mfcc} operator computes them: the second cosine transform. */
final class Cepstrum {
  private final double guard;
  private final int bands;
  private final double[][] cosines;

  Cepstrum(Level level, int bands) {
    this.guard = level.guard();
    this.bands = bands;
    this.cosines = new double[level.coefficients()][bands];
    for (int i = 0; i < cosines.length; i++) {
      for (int band = 0; band < bands; band++) {
        cosines[i][band] =
            StrictMath.sqrt(2.0 / bands) * StrictMath.cos(i * Math.PI / bands * (band + 0.5));
      }
    }
  }

  float[] of(float[] energies) {
    int frames = energies.length / bands;
    float[] out = new float[frames * cosines.length];
    double[] logs = new double[bands];
    for (int frame = 0; frame < frames; frame++) {
      for (int band = 0; band < bands; band++) {
        logs[band] = Logarithm.of(Math.max(energies[frame * bands + band], guard));
      }
      for (int i = 0; i < cosines.length; i++) {
        out[frame * cosines.length + i] = (float) product(cosines[i], logs);
      }
    }
    return out;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
