package org.graft.backbone;

/** The numbers that a frozen network computes in. */
public sealed interface Precision {
  Precision FP32 = new Fp32();

  static Precision int8(ActivationRanges ranges) {
    return new Int8(ranges);
  }

  /** Short, for people: {@code fp32}, {@code int8}. */
  String name();

  /** Equal texts, equal numbers; for fingerprints. */
  String id();

  /** IEEE single precision. */
  record Fp32() implements Precision {
    @Override
    public String name() {
      return "fp32";
    }

    @Override
    public String id() {
      return name();
    }
  }

  /**
   * Quantisation to 8 bits: activations by measured ranges or, of texts, each token by its own,
   * weights a channel each.
   *
   * @param ranges {@link ActivationRanges#NONE} for texts
   */
  record Int8(ActivationRanges ranges) implements Precision {
    @Override
    public String name() {
      return "int8";
    }

    @Override
    public String id() {
      return ranges.areNone() ? "int8-token-range" : "int8-" + ranges.sha256();
    }
  }
}
