package org.graft.audio;

import org.graft.audio.AudioPreparation.Level;

/** What becomes of the energies of bands: one rule each, {@code [frames][bands]} in one array. */
@FunctionalInterface
interface Levels {
  /**
   * @param energies may be changed
   * @return the levels, of {@link AudioPreparation#width} values a frame without its context
   */
  float[] of(float[] energies);

  static Levels of(Level level, int bands) {
    return switch (level.kind()) {
      case LOG -> energies -> log(energies, level.guard());
      case LOG_NORMALISED -> energies -> normalised(log(energies, level.guard()), bands);
      case DECIBEL_BELOW_PEAK -> new Decibels(level.guard(), 10, 80, true)::of;
      case DECIBEL_TENTHS -> new Decibels(level.guard(), 1, 8, false)::of;
      case CEPSTRUM -> new Cepstrum(level, bands)::of;
    };
  }

  private static float[] log(float[] energies, double guard) {
    Logarithm.replace(energies, 0, guard, 1);
    return energies;
  }

  /** Each band to mean 0 and (unbiased) deviation 1, as far as 1e-5 beside it allows. */
  private static float[] normalised(float[] levels, int bands) {
    int frames = levels.length / bands;
    for (int band = 0; band < bands; band++) {
      double mean = 0;
      for (int i = band; i < levels.length; i += bands) {
        mean += levels[i];
      }
      mean /= frames;
      double squares = 0;
      for (int i = band; i < levels.length; i += bands) {
        squares += (levels[i] - mean) * (levels[i] - mean);
      }
      double deviation = Math.sqrt(squares / Math.max(1, frames - 1)) + 1e-5;
      for (int i = band; i < levels.length; i += bands) {
        levels[i] = (float) ((levels[i] - mean) / deviation);
      }
    }
    return levels;
  }
}
