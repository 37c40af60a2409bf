package org.graft.engine.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The Gaussian error linear unit as its authors define it (Hendrycks and Gimpel 2016, arXiv
 * 1606.08415): {@code x / 2 (1 + erf(x / sqrt(2)))}, as torch and Keras compute it. DL4J's own is
 * one of two approximations.
 */
public final class ErfGelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(probability(in));
  }

  /** {@code Phi(x) + x phi(x)}, times {@code epsilon}. */
  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    INDArray density = Transforms.exp(in.mul(in).divi(-2), false).divi(Math.sqrt(2 * Math.PI));
    return new Pair<>(probability(in).addi(density.muli(in)).muli(epsilon), null);
  }

  /** That a normal number is below x. */
  private static INDArray probability(INDArray x) {
    INDArray scaled = x.mul(Math.sqrt(0.5));
    return Nd4j.getExecutioner().exec(new Erf(scaled, scaled)).addi(1).muli(0.5);
  }

  @Override
  public String toString() {
    return "gelu(erf)";
  }
}
