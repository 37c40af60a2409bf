package org.graft.spark;

/**
 * Where the time of an extraction's threads went, of tasks that ended well. It was spent on as many
 * processors as worked at once.
 *
 * @param samples that went through, rejected ones among them
 * @param waitSeconds until the samples' bytes were there
 * @param decodeSeconds for making inputs of bytes
 * @param networkSeconds in the network
 */
public record ExtractionTimes(
    long samples, double waitSeconds, double decodeSeconds, double networkSeconds) {
  public static final ExtractionTimes NONE = new ExtractionTimes(0, 0, 0, 0);

  public double seconds() {
    return waitSeconds + decodeSeconds + networkSeconds;
  }

  public ExtractionTimes plus(ExtractionTimes other) {
    return new ExtractionTimes(
        samples + other.samples,
        waitSeconds + other.waitSeconds,
        decodeSeconds + other.decodeSeconds,
        networkSeconds + other.networkSeconds);
  }
}
