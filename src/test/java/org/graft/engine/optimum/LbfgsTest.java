package org.graft.engine.optimum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.graft.engine.optimum.Lbfgs.Ending;
import org.graft.head.Convergence;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  /** {@code sum of a (x - 1)^2 / 2}, its curvatures a from 1 to 100. */
  private static Lbfgs bowl(Convergence limits) {
    int n = 20;
    Lbfgs search = new Lbfgs(n, limits);
    while (search.ending() == null) {
      double[] x = search.point();
      double value = 0;
      double[] gradient = new double[n];
      for (int i = 0; i < n; i++) {
        double a = Math.pow(100, i / (n - 1.0));
        value += a * (x[i] - 1) * (x[i] - 1) / 2;
        gradient[i] = a * (x[i] - 1);
      }
      search.told(value, gradient);
    }
    return search;
  }

  @Test
  void anIllConditionedBowlIsLeftAtItsBottom() {
    Lbfgs search = bowl(new Convergence(500, 1e-12));
    double[] ones = new double[20];
    Arrays.fill(ones, 1);
    assertEquals(Ending.CONVERGED, search.ending());
    assertArrayEquals(ones, search.point(), 1e-7);
    assertTrue(search.iterations() < 150, () -> search.iterations() + " iterations");
  }

  @Test
  void itStopsAfterTheMostIterations() {
    Lbfgs search = bowl(new Convergence(7, 1e-12));
    assertEquals(Ending.ITERATIONS, search.ending());
    assertEquals(7, search.iterations());
  }

  /** Rosenbrock's valley, from 0; not convex, but its line searches have to work. */
  @Test
  void aBentValleyIsFollowed() {
    Lbfgs search = new Lbfgs(2, new Convergence(500, 1e-10));
    while (search.ending() == null) {
      double x = search.point()[0];
      double y = search.point()[1];
      double bend = y - x * x;
      search.told(
          100 * bend * bend + (1 - x) * (1 - x),
          new double[] {-400 * x * bend - 2 * (1 - x), 200 * bend});
    }
    assertArrayEquals(new double[] {1, 1}, search.point(), 1e-8);
  }

  /** A value that cannot fall, as single precision's noise makes it look. */
  @Test
  void whereNoStepHelpsItEndsWhereItStood() {
    Lbfgs search = new Lbfgs(1, new Convergence(500, 1e-10));
    int told = 0;
    while (search.ending() == null) {
      search.told(told++ == 0 ? 1 : 2, new double[] {1});
    }
    assertEquals(Ending.PRECISION, search.ending());
    assertArrayEquals(new double[] {0}, search.point());
    assertEquals(1, search.value());
  }
}
