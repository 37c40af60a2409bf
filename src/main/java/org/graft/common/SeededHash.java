package org.graft.common;

import java.nio.charset.StandardCharsets;

/**
 * Chance that repeats itself: a 64-bit hash of a seed and some words, used wherever something is
 * drawn. It depends on nothing else, so never on partitions, threads or time.
 */
public final class SeededHash {
  private SeededHash() {}

  /** SplitMix64's finaliser (Steele, Lea, Flood 2014). */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  public static long hash(long seed, long... words) {
    long h = mix(seed + 0x9e3779b97f4a7c15L);
    for (long word : words) {
      h = mix((h ^ word) + 0x9e3779b97f4a7c15L);
    }
    return h;
  }

  /** The hash of a sample's key (or of any text) under {@code seed}. */
  public static long hash(long seed, String text) {
    long h = mix(seed + 0x9e3779b97f4a7c15L);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = mix(h * 31 + b + 0x9e3779b97f4a7c15L);
    }
    return h;
  }

  /** The hash as a number in [0, 1). */
  public static double unit(long hash) {
    return (hash >>> 11) * 0x1.0p-53;
  }
}
