package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  @Test
  void replacesValuesOfAnyNumber() {
    for (int length : new int[] {0, 1, 256, 700}) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = i / 8f;
      }
      Logarithm.replace(values, 2, 1, 3);
      for (int i = 0; i < length; i++) {
        assertEquals(3 * StrictMath.log(Math.max(i / 8f, 2) + 1), values[i], 2e-6, "" + i);
      }
    }
  }

  @Test
  void aValueThatIsNoNumberStays() {
    float[] values = {Float.NaN};
    Logarithm.replace(values, 1e-10, 0, 1);
    assertTrue(Float.isNaN(values[0]));
  }
}
