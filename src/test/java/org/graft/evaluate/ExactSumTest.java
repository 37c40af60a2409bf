package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against {@link BigDecimal}. */
class ExactSumTest {

  private static List<Double> numbers(int n) {
    Random random = new Random(3);
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      long bits = random.nextLong();
      double number = Double.longBitsToDouble(bits);
      numbers.add(Double.isFinite(number) ? number : random.nextGaussian());
    }
    Collections.addAll(
        numbers,
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        1e16,
        1.0,
        -1e16);
    return numbers;
  }

  private static ExactSum sum(List<Double> numbers) {
    ExactSum sum = new ExactSum();
    numbers.forEach(sum::add);
    return sum;
  }

  @Test
  void nothingIsLostWhateverTheSizesAndTheOrder() {
    List<Double> numbers = numbers(500);
    BigDecimal expected =
        numbers.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    ExactSum sum = sum(numbers);
    assertEquals(0, expected.compareTo(sum.value()));
    Collections.reverse(numbers);
    ExactSum left = sum(numbers.subList(0, 77));
    left.merge(sum(numbers.subList(77, numbers.size())));
    assertEquals(sum, left);
    assertEquals(sum.hashCode(), left.hashCode());
  }

  @Test
  void whatCancelsLeavesZero() {
    ExactSum sum = new ExactSum();
    sum.add(-3e300);
    sum.add(Double.MIN_VALUE);
    sum.add(3e300);
    assertEquals(Double.MIN_VALUE, sum.value().doubleValue());
    sum.add(-Double.MIN_VALUE);
    assertEquals(0, sum.value().signum());
    assertEquals(new ExactSum(), sum);
  }

  @Test
  void negativeSumsGoThroughBytes() {
    ExactSum sum = sum(List.of(1.5, -1e10, 1e-300));
    ByteBuffer bytes = ByteBuffer.allocate(ExactSum.DIGITS * Long.BYTES);
    sum.write(bytes);
    ExactSum back = ExactSum.read(bytes.flip());
    assertEquals(sum, back);
    assertEquals(sum.value(), back.value());
    bytes.putLong(0, 1L << 40).rewind();
    assertThrows(IllegalArgumentException.class, () -> ExactSum.read(bytes));
  }

  @Test
  void packedSumsAreTheSameAndShort() {
    for (List<Double> numbers :
        List.of(
            List.<Double>of(),
            List.of(-Double.MIN_VALUE),
            List.of(Double.MIN_VALUE),
            List.of(-4294967296.0),
            List.of(1.5, -1e10, 1e-300),
            List.of(-Double.MAX_VALUE, -Double.MAX_VALUE, -1.0),
            numbers(500))) {
      ExactSum sum = sum(numbers);
      ByteBuffer bytes = ByteBuffer.allocate(sum.packedBytes());
      sum.pack(bytes);
      assertFalse(bytes.hasRemaining());
      assertEquals(sum, ExactSum.unpack(bytes.flip()));
    }
    assertTrue(sum(List.of(1.5, -3.25, 1e6)).packedBytes() < 20);
    for (byte[] wrong : new byte[][] {{-1, 3, 0}, {4, 3, 0}, {0, ExactSum.DIGITS, 0}, {0, 0, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> ExactSum.unpack(ByteBuffer.wrap(wrong)));
    }
  }

  @Test
  void onlyNumbersAreSummedUp() {
    for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new ExactSum().add(value));
    }
  }
}
