package org.graft.evaluate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.graft.common.Checks;

/**
 * The exact sum of finite doubles of any size, so the same in any order: a wide fixed-point number
 * (Kulisch 1971), in digits of 32 bits that carry over when it is read. Mergeable.
 */
final class ExactSum {
  /** Two to the minus this is the unit: the least double is a whole number of them. */
  private static final int UNIT = 1074;

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT = (1L << DIGIT_BITS) - 1;

  /** Digits for the largest double, and two more for sums of many. */
  static final int DIGITS = (UNIT + 1024) / DIGIT_BITS + 3;

  /** Terms after which digits must carry over, lest they overflow. */
  private static final int MOST_TERMS = 1 << 28;

  private final long[] digits = new long[DIGITS]; // lowest first; only the last may be negative
  private int terms;

  void add(double value) {
    Checks.argument(Double.isFinite(value), "not a number to sum up: %s", value);
    int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
    long mantissa = (long) Math.scalb(value, -exponent); // exact, with its sign
    int shift = exponent + UNIT;
    int digit = shift / DIGIT_BITS;
    int bits = shift % DIGIT_BITS;
    long sign = mantissa < 0 ? -1 : 1;
    long low = Math.abs(mantissa) & DIGIT;
    long high = Math.abs(mantissa) >>> DIGIT_BITS;
    long first = low << bits;
    long second = (high << bits) + (first >>> DIGIT_BITS);
    digits[digit] += sign * (first & DIGIT);
    digits[digit + 1] += sign * (second & DIGIT);
    digits[digit + 2] += sign * (second >>> DIGIT_BITS);
    if (++terms == MOST_TERMS) {
      carry();
    }
  }

  void merge(ExactSum other) {
    carry();
    other.carry();
    for (int i = 0; i < DIGITS; i++) {
      digits[i] += other.digits[i];
    }
    carry();
  }

  /** Makes equal sums equal digits. */
  private void carry() {
    for (int i = 0; i < DIGITS - 1; i++) {
      digits[i + 1] += digits[i] >> DIGIT_BITS;
      digits[i] &= DIGIT;
    }
    terms = 0;
  }

  BigDecimal value() {
    carry();
    BigInteger whole = BigInteger.valueOf(digits[DIGITS - 1]);
    for (int i = DIGITS - 2; i >= 0; i--) {
      whole = whole.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf(digits[i]));
    }
    return new BigDecimal(whole).multiply(new BigDecimal(Double.MIN_VALUE));
  }

  void write(ByteBuffer out) {
    carry();
    StateBytes.put(out, digits);
  }

  static ExactSum read(ByteBuffer in) {
    ExactSum sum = new ExactSum();
    for (int i = 0; i < DIGITS; i++) {
      sum.digits[i] = in.getLong();
      Checks.argument(
          i == DIGITS - 1 || (sum.digits[i] & ~DIGIT) == 0, "a digit of %d", sum.digits[i]);
    }
    return sum;
  }

  /** That {@link #pack} takes. */
  int packedBytes() {
    carry();
    return 3 + Integer.BYTES * (above() - below());
  }

  /**
   * As {@link #write}, without the digits that are zero below, and those that only say the sign
   * above: few are left where terms are of similar sizes.
   */
  void pack(ByteBuffer out) {
    carry();
    int from = below();
    int to = above();
    out.put((byte) from).put((byte) to).put((byte) digits[DIGITS - 1]);
    for (int i = from; i < to; i++) {
      out.putInt((int) digits[i]);
    }
  }

  private long sign() {
    long sign = digits[DIGITS - 1];
    Checks.state(sign == 0 || sign == -1, "a sum beyond all doubles: %d", sign);
    return sign & DIGIT;
  }

  /** The first digit from which on all are the sign. */
  private int above() {
    long sign = sign();
    int i = DIGITS - 1;
    while (i > 0 && digits[i - 1] == sign) {
      i--;
    }
    return i;
  }

  /** The first digit that is not zero, at most {@link #above}. */
  private int below() {
    int above = above();
    int i = 0;
    while (i < above && digits[i] == 0) {
      i++;
    }
    return i;
  }

  /** The reverse of {@link #pack}. */
  static ExactSum unpack(ByteBuffer in) {
    int from = in.get();
    int to = in.get();
    int sign = in.get();
    Checks.argument(
        from >= 0 && from <= to && to < DIGITS && (sign == 0 || sign == -1),
        "digits %d to %d of sign %d",
        from,
        to,
        sign);
    ExactSum sum = new ExactSum();
    for (int i = from; i < DIGITS - 1; i++) {
      sum.digits[i] = (i < to ? in.getInt() : sign) & DIGIT;
    }
    sum.digits[DIGITS - 1] = sign;
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ExactSum that)) {
      return false;
    }
    carry();
    that.carry();
    return Arrays.equals(digits, that.digits);
  }

  @Override
  public int hashCode() {
    carry();
    return Arrays.hashCode(digits);
  }
}
