package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogarithmTest {
  @Test
  void isThatOfStrictMathToTwoUnits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      double x = StrictMath.exp(random.nextDouble(-700, 700));
      near(x);
      near(1 + random.nextDouble(-0.02, 0.02));
      near(1 + i / 128.0 % 1);
    }
    near(Double.MIN_NORMAL);
    near(Double.MAX_VALUE);
  }

  private static void near(double x) {
    double wanted = StrictMath.log(x);
    double allowed = Math.max(3e-16, 2 * Math.ulp(wanted));
    assertEquals(wanted, Logarithm.of(x), allowed, () -> "ln " + x);
  }

  @Test
  void oneHasNone() {
    assertEquals(0, Logarithm.of(1));
  }

  @Test
  void whatIsNoOrdinaryNumberIsStrictMaths() {
    for (double x : new double[] {0, -1, Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(StrictMath.log(x), Logarithm.of(x), "ln " + x);
    }
  }
}
