package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HardSwishTest {
  private static final double[] X = {-9, -3.5, -2.9, -1, 0, 0.5, 2.9, 3.5, 9};

  private static double[] of(IActivation function, double... x) {
    INDArray in = Nd4j.createFromArray(x);
    INDArray out = function.getActivation(in, false);
    return out.castTo(DataType.DOUBLE).toDoubleVector();
  }

  /** By torch.nn.functional.hardsigmoid and hardswish. */
  @Test
  void isTorchs() {
    double[] gate = {0, 0, 0.01666667, 0.33333333, 0.5, 0.58333333, 0.98333333, 1, 1};
    double[] swish = {0, 0, -0.04833333, -0.33333333, 0, 0.29166667, 2.85166667, 3.5, 9};
    assertArrayEquals(gate, of(new HardSigmoid(), X), 1e-7);
    assertArrayEquals(swish, of(new HardSwish(), X), 1e-7);
  }

  static IActivation[] functions() {
    return new IActivation[] {new HardSigmoid(), new HardSwish()};
  }

  @ParameterizedTest
  @MethodSource("functions")
  void gradientIsThatOfFiniteDifferences(IActivation function) {
    double step = 1e-5;
    double[] epsilon = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    double[] got =
        function
            .backprop(Nd4j.createFromArray(X), Nd4j.createFromArray(epsilon))
            .getFirst()
            .toDoubleVector();
    for (int i = 0; i < X.length; i++) {
      double slope = (of(function, X[i] + step)[0] - of(function, X[i] - step)[0]) / (2 * step);
      assertEquals(epsilon[i] * slope, got[i], 1e-6, "at " + X[i]);
    }
  }
}
