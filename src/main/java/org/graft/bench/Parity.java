package org.graft.bench;

import org.graft.common.Cosine;
import org.graft.common.UserError;

/** Whether one device computes what another does: the least cosine between features of a sample. */
record Parity(double cosine) {
  /** Half precision has it; a wrong kernel does not. */
  static final double LEAST = 0.9999;

  /**
   * @param reference {@code [n][width]}
   * @param got the same samples' features
   */
  static Parity of(float[][] reference, float[][] got) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < reference.length; i++) {
      least = Math.min(least, Cosine.of(reference[i], got[i])); // NaN stays
    }
    return new Parity(least);
  }

  /**
   * @throws UserError if it is less than {@link #LEAST}, or no number
   */
  void check(String precision) {
    if (!(cosine >= LEAST)) {
      throw new UserError(
          "Cannot trust this machine in %s: its features are not the processor's (cosine %.6f, wanted %s). Try another driver, and other CUDA and cuDNN libraries."
              .formatted(precision, cosine, LEAST));
    }
  }
}
