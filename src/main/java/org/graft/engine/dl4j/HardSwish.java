package org.graft.engine.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code x * min(6, max(0, x + 3)) / 6} (Howard et al. 2019, arXiv 1905.02244), which ND4J lacks.
 * By class name in saved networks.
 */
public final class HardSwish extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(HardSigmoid.gate(in.dup()));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    INDArray slope = HardSigmoid.slope(in).muli(in).addi(HardSigmoid.gate(in.dup()));
    return new Pair<>(slope.muli(epsilon), null);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HardSwish;
  }

  @Override
  public int hashCode() {
    return HardSwish.class.hashCode();
  }

  @Override
  public String toString() {
    return "hard swish";
  }
}
