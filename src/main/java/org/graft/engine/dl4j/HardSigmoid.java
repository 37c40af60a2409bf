package org.graft.engine.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Relu6;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code min(6, max(0, x + 3)) / 6}, as torch, Keras 3 and MobileNetV3's authors define it (Howard
 * et al. 2019, arXiv 1905.02244); ND4J's own has Theano's slope of 0.2. By class name in saved
 * networks.
 */
public final class HardSigmoid extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return gate(in);
  }

  /** In place. */
  static INDArray gate(INDArray x) {
    return Nd4j.getExecutioner().exec(new Relu6(x.addi(3), 0)).divi(6);
  }

  /** 1/6 where the gate is between open and shut. */
  static INDArray slope(INDArray x) {
    return x.gt(-3).castTo(x.dataType()).muli(x.lt(3).castTo(x.dataType())).divi(6);
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    return new Pair<>(slope(in).muli(epsilon), null);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HardSigmoid;
  }

  @Override
  public int hashCode() {
    return HardSigmoid.class.hashCode();
  }

  @Override
  public String toString() {
    return "hard sigmoid, slope 1/6";
  }
}
