package org.graft.audio;

import org.graft.common.Checks;

/**
 * A sound of one channel.
 *
 * @param sampleRate in Hz
 * @param samples full scale is -1 to 1; files of floating-point samples may go beyond
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Sound(int sampleRate, float[] samples) {
  public Sound {
    Checks.argument(sampleRate > 0, "sample rate must be positive: %d", sampleRate);
  }

  public double seconds() {
    return (double) samples.length / sampleRate;
  }
}
