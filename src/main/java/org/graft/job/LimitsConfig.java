package org.graft.job;

import org.graft.audio.SoundLimit;
import org.graft.common.Problems;
import org.graft.sample.SampleLimits;

/**
 * @param rejected share of the samples that may be rejected before the job fails
 * @param pixels most pixels that a picture may declare
 * @param seconds of the longest recording
 * @param bytes most bytes of one file
 */
public record LimitsConfig(double rejected, long pixels, int seconds, long bytes)
    implements Checked {
  static final LimitsConfig DEFAULTS = new LimitsConfig(0.01, 100_000_000L, 600, 64L << 20);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        rejected >= 0 && rejected <= 1, "'%srejected' is %s: it must be 0 to 1", path, rejected);
    problems.check(pixels > 0, "'%spixels' is %d: it must be at least 1", path, pixels);
    problems.check(
        seconds > 0 && seconds <= SoundLimit.MOST_SECONDS,
        "'%sseconds' is %d: it must be 1 to %d",
        path,
        seconds,
        SoundLimit.MOST_SECONDS);
    problems.check(
        bytes > 0 && bytes <= 1L << 30, "'%sbytes' is %d: it must be 1 to 2^30", path, bytes);
  }

  SampleLimits ofSamples() {
    return new SampleLimits(pixels, seconds);
  }
}
