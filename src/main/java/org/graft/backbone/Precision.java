package org.graft.backbone;

/** The numbers that a frozen network computes in. */
public sealed interface Precision {
  Precision FP32 = new Fp32();

  /** On cards: float32, but products round their factors to 10 bits of mantissa (NVIDIA's TF32). */
  Precision TF32 = new OfCards("tf32");

  /** On cards: IEEE half precision; inputs and features are float32. */
  Precision FP16 = new OfCards("fp16");

  static Precision int8(ActivationRanges ranges) {
    return new Int8(ranges);
  }

  /** The one of that name, which is not int8. */
  static Precision of(String name) {
    for (Precision one : new Precision[] {FP32, TF32, FP16}) {
      if (one.name().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException("no precision is called '" + name + "'");
  }

  /** Short, for people: {@code fp32}, {@code int8}. */
  String name();

  /** Equal texts, equal numbers; for fingerprints. */
  String id();

  /** What cards have fast, and processors have not. */
  record OfCards(String name) implements Precision {
    @Override
    public String id() {
      return name;
    }
  }

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
