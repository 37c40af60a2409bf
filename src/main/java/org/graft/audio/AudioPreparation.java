package org.graft.audio;

import org.graft.common.Checks;
import org.graft.sample.WindowPooling;

/**
 * How a recording becomes a network's inputs.
 *
 * @param sampleRate that the network wants, in hertz
 * @param frontEnd name of what makes a window's samples the network's input
 * @param window length of a window, in seconds
 * @param hop from the beginning of one window to that of the next, in seconds
 * @param pooling how the windows' features become one vector
 */
public record AudioPreparation(
    int sampleRate, String frontEnd, double window, double hop, WindowPooling pooling) {
  public AudioPreparation {
    Checks.argument(sampleRate > 0, "sampleRate must be positive: %d", sampleRate);
    Checks.argument(window > 0 && hop > 0, "window and hop must be positive: %s, %s", window, hop);
    pooling = pooling == null ? WindowPooling.MEAN : pooling;
  }
}
