package org.graft.audio;

/**
 * Logarithms, not too far below the loudest.
 *
 * @param guard the least energy
 * @param unit 10 for decibel, 1 for ten of them
 * @param range how far below the loudest a level may lie
 * @param belowPeak whether the loudest becomes 0; else 2 is added to all
 */
record Decibels(double guard, double unit, double range, boolean belowPeak) {
  private static final double LN_10 = StrictMath.log(10);

  float[] of(float[] energies) {
    Logarithm.replace(energies, guard, 0, unit / LN_10);
    float peak = Float.NEGATIVE_INFINITY;
    for (float level : energies) {
      peak = level > peak ? level : peak;
    }
    float shift = belowPeak ? -peak : 2;
    float lowest = (float) ((double) peak - range + shift);
    for (int i = 0; i < energies.length; i++) {
      float level = energies[i] + shift;
      energies[i] = level < lowest ? lowest : level;
    }
    return energies;
  }
}
