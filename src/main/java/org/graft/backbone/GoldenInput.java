package org.graft.backbone;

import org.graft.backbone.BackboneCard.Golden;

/**
 * Inputs for golden vectors, made by a formula that any language can repeat: value {@code i} is
 * {@code ((i + 1) * 2654435761 + seed * 40503) mod 2^32}, xor-shifted right by 15, times 2246822519
 * mod 2^32, divided by 2^31, minus 1: noise in [-1, 1).
 */
public final class GoldenInput {
  private static final long MASK = 0xffffffffL;

  private GoldenInput() {}

  public static float[] of(long seed, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) at(seed, i);
    }
    return values;
  }

  /** Of a golden vector, for a network whose inputs have that length. */
  public static float[] of(Golden golden, int length) {
    if (golden.tokens() == null) {
      return of(golden.seed(), length);
    }
    float[] tokens = new float[golden.tokens().size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = golden.tokens().get(i);
    }
    return tokens;
  }

  /** Value {@code i} before it is rounded to a float. */
  public static double at(long seed, int i) {
    long h = ((i + 1L) * 2654435761L + seed * 40503L) & MASK;
    h = ((h ^ (h >>> 15)) * 2246822519L) & MASK;
    return h / 2147483648.0 - 1.0;
  }
}
