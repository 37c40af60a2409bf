package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** One channel of a FLAC frame (RFC 9639, section 9.2): a predictor and what it got wrong. */
final class FlacSubframe {
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};
  private static final int ESCAPED = 5;

  private final FlacBits bits;
  private final int size;

  /**
   * @param size samples of the block
   */
  FlacSubframe(FlacBits bits, int size) {
    this.bits = bits;
    this.size = size;
  }

  long[] read(int depth) throws RejectedException {
    if (bits.small(1) != 0) {
      throw broken("a subframe begins with a set bit");
    }
    int type = bits.small(6);
    int wasted = bits.small(1) == 0 ? 0 : bits.unary() + 1;
    if (wasted >= depth) {
      throw broken(wasted + " of " + depth + " bits are unused");
    }
    long[] samples = samples(type, depth - wasted);
    for (int i = 0; wasted > 0 && i < size; i++) {
      samples[i] <<= wasted;
    }
    return samples;
  }

  private long[] samples(int type, int depth) throws RejectedException {
    long[] samples = new long[size];
    if (type == 0) {
      Arrays.fill(samples, bits.signed(depth));
    } else if (type == 1) {
      warmUp(samples, size, depth);
    } else if (type >= 8 && type <= 12) {
      warmUp(samples, type - 8, depth);
      predict(samples, FIXED[type - 8], 0);
    } else if (type >= 32) {
      linear(samples, type - 31, depth);
    } else {
      throw broken("a subframe is of the reserved kind " + type);
    }
    return samples;
  }

  private void warmUp(long[] samples, int count, int depth) throws RejectedException {
    if (count > size) {
      throw broken("a predictor of order %d in a block of %d".formatted(count, size));
    }
    for (int i = 0; i < count; i++) {
      samples[i] = bits.signed(depth);
    }
  }

  private void linear(long[] samples, int order, int depth) throws RejectedException {
    warmUp(samples, order, depth);
    int precision = bits.small(4) + 1;
    int shift = (int) bits.signed(5);
    if (precision == 16 || shift < 0) {
      throw broken("a predictor of precision %d, shift %d".formatted(precision, shift));
    }
    int[] coefficients = new int[order];
    for (int i = 0; i < order; i++) {
      coefficients[i] = (int) bits.signed(precision);
    }
    predict(samples, coefficients, shift);
  }

  /** Adds what earlier samples foretell to the residuals that are read. */
  private void predict(long[] samples, int[] coefficients, int shift) throws RejectedException {
    residuals(samples, coefficients.length);
    for (int i = coefficients.length; i < size; i++) {
      long sum = 0;
      for (int j = 0; j < coefficients.length; j++) {
        sum += coefficients[j] * samples[i - 1 - j];
      }
      samples[i] += sum >> shift;
    }
  }

  private void residuals(long[] samples, int order) throws RejectedException {
    int coding = bits.small(2);
    int partitions = 1 << bits.small(4);
    if (coding > 1 || size % partitions != 0 || size / partitions < order) {
      throw broken("residuals of coding %d in %d parts of %d".formatted(coding, partitions, size));
    }
    int parameterBits = coding == 0 ? 4 : 5;
    int i = order;
    for (int part = 1; part <= partitions; part++) {
      int parameter = bits.small(parameterBits);
      int end = part * (size / partitions);
      if (parameter == (1 << parameterBits) - 1) {
        int raw = bits.small(ESCAPED);
        for (; i < end; i++) {
          samples[i] = bits.signed(raw);
        }
      } else {
        for (; i < end; i++) {
          long folded = (long) bits.unary() << parameter | bits.unsigned(parameter);
          samples[i] = folded >>> 1 ^ -(folded & 1);
        }
      }
    }
  }

  static RejectedException broken(String why) {
    return new RejectedException(Reason.CORRUPT, "FLAC is damaged: " + why);
  }
}
