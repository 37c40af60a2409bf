package org.graft.audio;

import java.util.Arrays;
import org.graft.audio.AudioPreparation.Energy;
import org.graft.audio.AudioPreparation.Mel;
import org.graft.audio.AudioPreparation.Scale;

/** Triangles over a spectrum, each as its first bin and the weights from there. Immutable. */
final class MelFilters {
  private final Energy energy;
  private final int[] first;
  private final double[][] weights;

  private MelFilters(Energy energy, double[][] dense) {
    this.energy = energy;
    this.first = new int[dense.length];
    this.weights = new double[dense.length][];
    for (int band = 0; band < dense.length; band++) {
      keep(band, dense[band]);
    }
  }

  private void keep(int band, double[] dense) {
    int from = 0;
    int to = dense.length;
    while (from < to && dense[from] == 0) {
      from++;
    }
    while (to > from && dense[to - 1] == 0) {
      to--;
    }
    first[band] = from;
    weights[band] = Arrays.copyOfRange(dense, from, to);
  }

  static MelFilters of(Mel mel, int sampleRate, int fft) {
    double[] edges = new double[mel.bands() + 2];
    double low = toMel(mel.scale(), mel.lowest());
    double high = toMel(mel.scale(), mel.highest());
    for (int i = 0; i < edges.length; i++) {
      edges[i] = low + (high - low) * i / (mel.bands() + 1);
    }
    double binWidth = (double) sampleRate / fft;
    double[][] dense =
        switch (mel.filters()) {
          case IN_MEL -> inMel(mel, edges, binWidth, fft / 2 + 1);
          case IN_HERTZ -> inHertz(mel, edges, binWidth, fft / 2 + 1);
          case SHARED -> shared(mel, edges, binWidth, fft / 2 + 1);
        };
    return new MelFilters(mel.energy(), dense);
  }

  private static double[][] inMel(Mel mel, double[] edges, double binWidth, int bins) {
    double[][] dense = new double[mel.bands()][bins];
    for (int bin = 1; bin < bins; bin++) {
      double at = toMel(mel.scale(), bin * binWidth);
      for (int band = 0; band < mel.bands(); band++) {
        dense[band][bin] = triangle(edges[band], edges[band + 1], edges[band + 2], at);
      }
    }
    return dense;
  }

  private static double[][] inHertz(Mel mel, double[] edges, double binWidth, int bins) {
    double[][] dense = new double[mel.bands()][bins];
    for (int band = 0; band < mel.bands(); band++) {
      double low = toHertz(mel.scale(), edges[band]);
      double centre = toHertz(mel.scale(), edges[band + 1]);
      double high = toHertz(mel.scale(), edges[band + 2]);
      for (int bin = 0; bin < bins; bin++) {
        double height = triangle(low, centre, high, bin * binWidth);
        dense[band][bin] = (float) (height * 2 / (high - low)); // librosa keeps float32
      }
    }
    return dense;
  }

  /** A bin lies between two centres and gives to both, by its distance in mel. */
  private static double[][] shared(Mel mel, double[] edges, double binWidth, int bins) {
    double[][] dense = new double[mel.bands()][bins];
    int from = (int) (1.5 + mel.lowest() / binWidth);
    int to = (int) (mel.highest() / binWidth);
    int above = 1; // the centre at or above the bin
    for (int bin = from; bin <= Math.min(to, bins - 1); bin++) {
      double at = toMel(mel.scale(), bin * binWidth);
      while (above <= mel.bands() && edges[above] < at) {
        above++;
      }
      double lower = (edges[above] - at) / (edges[above] - edges[above - 1]);
      if (above >= 2) {
        dense[above - 2][bin] = lower;
      }
      if (above <= mel.bands()) {
        dense[above - 1][bin] = 1 - lower;
      }
    }
    return dense;
  }

  private static double triangle(double low, double centre, double high, double at) {
    return Math.max(0, Math.min((at - low) / (centre - low), (high - at) / (high - centre)));
  }

  private static final double SLANEY_STEP = 200.0 / 3;
  private static final double SLANEY_KNEE = 1000;
  private static final double SLANEY_LOG_STEP = StrictMath.log(6.4) / 27;

  private static double toMel(Scale scale, double hertz) {
    if (scale == Scale.HTK) {
      return 1127 * StrictMath.log1p(hertz / 700);
    }
    return hertz < SLANEY_KNEE
        ? hertz / SLANEY_STEP
        : SLANEY_KNEE / SLANEY_STEP + StrictMath.log(hertz / SLANEY_KNEE) / SLANEY_LOG_STEP;
  }

  private static double toHertz(Scale scale, double mel) {
    if (scale == Scale.HTK) {
      return 700 * StrictMath.expm1(mel / 1127);
    }
    double knee = SLANEY_KNEE / SLANEY_STEP;
    return mel < knee
        ? mel * SLANEY_STEP
        : SLANEY_KNEE * StrictMath.exp((mel - knee) * SLANEY_LOG_STEP);
  }

  int bands() {
    return weights.length;
  }

  /**
   * @param power {@code [fft / 2 + 1]}; changed where magnitudes are wanted
   * @param out receives the bands, from {@code at} on
   */
  void gather(double[] power, float[] out, int at) {
    if (energy == Energy.MAGNITUDE) {
      for (int i = 0; i < power.length; i++) {
        power[i] = Math.sqrt(power[i]);
      }
    }
    for (int band = 0; band < weights.length; band++) {
      double sum = 0;
      double[] own = weights[band];
      for (int i = 0; i < own.length; i++) {
        sum += own[i] * power[first[band] + i];
      }
      out[at + band] = (float) (energy == Energy.ROOT_OF_POWER ? Math.sqrt(sum) : sum);
    }
  }
}
