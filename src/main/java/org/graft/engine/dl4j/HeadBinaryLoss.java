package org.graft.engine.dl4j;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Binary cross entropy of sigmoid outputs, weighted by label and by whether the label is present.
 * DL4J's own can weigh labels only, and squares weights that are given as a mask.
 *
 * <p>The score goes by {@code softplus}, so no probability needs clipping.
 */
public final class HeadBinaryLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final float[] present;
  private final float[] absent;

  /**
   * @param present of each label where it is present, {@code [classes]}
   * @param absent of each label where it is absent, {@code [classes]}
   */
  public HeadBinaryLoss(
      @JsonProperty("present") float[] present, @JsonProperty("absent") float[] absent) {
    this.present = present;
    this.absent = absent;
  }

  @JsonProperty("present")
  public float[] present() {
    return present;
  }

  @JsonProperty("absent")
  public float[] absent() {
    return absent;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
    double sum = computeScoreArray(labels, z, activation, mask).sumNumber().doubleValue();
    return average ? sum / z.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray z, IActivation activation, INDArray mask) {
    requireNoMask(mask);
    // log(1 + e^z) - z y = max(z, 0) - z y + log(1 + e^-|z|)
    INDArray loss = Transforms.max(z, 0, true).subi(z.mul(labels));
    loss.addi(Transforms.log(Transforms.exp(Transforms.abs(z, true).negi(), false).addi(1), false));
    return loss.muli(weights(labels)).sum(true, 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray z, IActivation activation, INDArray mask) {
    requireNoMask(mask);
    return Transforms.sigmoid(z, true).subi(labels).muli(weights(labels));
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, z, activation, mask, average),
        computeGradient(labels, z, activation, mask));
  }

  /** {@code [batch][classes]}. */
  private INDArray weights(INDArray labels) {
    INDArray ifAbsent = row(absent);
    return labels.mulRowVector(row(present).subi(ifAbsent)).addiRowVector(ifAbsent);
  }

  private static INDArray row(float[] values) {
    return Nd4j.create(values, new long[] {1, values.length}, 'c');
  }

  private static void requireNoMask(INDArray mask) {
    if (mask != null) {
      throw new UnsupportedOperationException("masks");
    }
  }

  @Override
  public String name() {
    return "HeadBinaryLoss";
  }
}
