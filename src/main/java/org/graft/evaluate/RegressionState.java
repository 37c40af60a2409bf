package org.graft.evaluate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.sample.Labels;

/**
 * The state of samples with a number each. Sums are exact. For the median, absolute errors are
 * counted in bins of 1 part in 65,536, so a million samples or a billion take a few megabytes.
 */
public final class RegressionState implements EvaluationState {
  static final byte KIND = 4;

  /** Bits of a float's mantissa that bins do not tell apart. */
  private static final int BIN_BITS = 7;

  private final ExactSum errors = new ExactSum(); // absolute
  private final ExactSum squares = new ExactSum(); // of errors
  private final ExactSum values = new ExactSum();
  private final ExactSum valueSquares = new ExactSum();
  private final TreeMap<Integer, Long> bins = new TreeMap<>(); // by a float's leading bits
  private long samples;

  @Override
  public void add(float[] given, float[] targets) {
    Checks.argument(
        given.length == 1 && targets.length == 1, "%d of %d", given.length, targets.length);
    double error = Math.abs((double) given[0] - targets[0]);
    Checks.argument(Double.isFinite(error), "no numbers: %s, %s", given[0], targets[0]);
    errors.add(error);
    squares.add(error * error);
    values.add(targets[0]);
    valueSquares.add((double) targets[0] * targets[0]);
    bins.merge(
        Float.floatToIntBits((float) Math.min(error, Float.MAX_VALUE)) >>> BIN_BITS,
        1L,
        Math::addExact);
    samples++;
  }

  @Override
  public void merge(EvaluationState other) {
    Checks.argument(other instanceof RegressionState, "evaluation states differ in kind");
    RegressionState that = (RegressionState) other;
    samples = Math.addExact(samples, that.samples);
    errors.merge(that.errors);
    squares.merge(that.squares);
    values.merge(that.values);
    valueSquares.merge(that.valueSquares);
    that.bins.forEach((bin, count) -> bins.merge(bin, count, Math::addExact));
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public RegressionEvaluation evaluation(Labels labels) {
    if (samples == 0) {
      throw new UserError(Evaluation.NO_SAMPLES);
    }
    double mean = errors.value().doubleValue() / samples;
    double rms = Math.sqrt(squares.value().doubleValue() / samples);
    return new RegressionEvaluation(samples, r2(), mean, rms, median());
  }

  /** Exact up to the last division, however small the variance is beside the mean. */
  private double r2() {
    BigDecimal n = BigDecimal.valueOf(samples);
    BigDecimal sum = values.value();
    BigDecimal variance = n.multiply(valueSquares.value()).subtract(sum.multiply(sum));
    BigDecimal unexplained = n.multiply(squares.value());
    if (variance.signum() == 0) {
      return unexplained.signum() == 0 ? 1 : 0;
    }
    return 1 - unexplained.divide(variance, MathContext.DECIMAL64).doubleValue();
  }

  /** The mean of the two in the middle, if there are two. */
  private double median() {
    return (errorAt((samples - 1) / 2) + errorAt(samples / 2)) / 2;
  }

  /** The middle of the bin that holds error {@code index} from the least. */
  private double errorAt(long index) {
    long before = 0;
    for (Map.Entry<Integer, Long> bin : bins.entrySet()) {
      before += bin.getValue();
      if (before > index) {
        int low = bin.getKey() << BIN_BITS;
        return low == 0 ? 0 : Float.intBitsToFloat(low + (1 << (BIN_BITS - 1)));
      }
    }
    throw new IllegalStateException("no error " + index);
  }

  @Override
  public byte[] toBytes() {
    return StateBytes.write(KIND, 1, 2 + 4L * ExactSum.DIGITS + 2L * bins.size(), this::write);
  }

  private void write(ByteBuffer out) {
    out.putLong(samples);
    errors.write(out);
    squares.write(out);
    values.write(out);
    valueSquares.write(out);
    out.putLong(bins.size());
    bins.forEach((bin, count) -> out.putLong(bin).putLong(count));
  }

  static RegressionState read(int classes, ByteBuffer in) {
    Checks.argument(classes == 1, "evaluation state of numbers has %d classes", classes);
    RegressionState state = new RegressionState();
    state.samples = StateBytes.count(in);
    state.errors.merge(ExactSum.read(in));
    state.squares.merge(ExactSum.read(in));
    state.values.merge(ExactSum.read(in));
    state.valueSquares.merge(ExactSum.read(in));
    long size = StateBytes.count(in);
    Checks.argument(size <= in.remaining() / (2 * Long.BYTES), "%d bins cut short", size);
    for (long i = 0; i < size; i++) {
      int bin = Math.toIntExact(StateBytes.count(in));
      state.bins.merge(bin, StateBytes.count(in), Math::addExact);
    }
    return state;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegressionState that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }
}
