package org.graft.audio;

import java.util.Locale;
import org.graft.common.Checks;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Holds a header's word against what may be, before any memory is asked for.
 *
 * @param seconds the longest sound that is decoded; memory for a sound grows with it
 */
public record SoundLimit(int seconds) {
  /** So that the samples of any rate fit into an array. */
  public static final int MOST_SECONDS = 2796;

  private static final int MIN_RATE = 1_000;
  private static final int MAX_RATE = 768_000;
  private static final int MAX_CHANNELS = 64;

  public SoundLimit {
    Checks.argument(
        seconds > 0 && seconds <= MOST_SECONDS,
        "seconds must be 1 to %d: %d",
        MOST_SECONDS,
        seconds);
  }

  /**
   * @param format how the file's kind is called in messages
   * @param frames samples a channel; 0 where the header does not say
   */
  public void check(String format, int sampleRate, int channels, long frames)
      throws RejectedException {
    if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
      throw new RejectedException(
          Reason.CORRUPT,
          "%s declares %d samples a second (limits: %d to %d)"
              .formatted(format, sampleRate, MIN_RATE, MAX_RATE));
    }
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw new RejectedException(
          Reason.CORRUPT,
          "%s declares %d channels (limits: 1 to %d)".formatted(format, channels, MAX_CHANNELS));
    }
    if (frames > (long) seconds * sampleRate) {
      throw new RejectedException(
          Reason.TOO_LARGE,
          String.format(
              Locale.ROOT,
              "%s declares %.1f s of sound (limit limits.seconds: %d): cut it, or raise the limit",
              format,
              (double) frames / sampleRate,
              seconds));
    }
  }
}
