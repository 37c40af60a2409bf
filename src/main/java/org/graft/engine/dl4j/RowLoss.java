package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.SampleLoss;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A {@link SampleLoss} for DL4J, a row at a time. The samples' weights come as a mask {@code
 * [batch][1]}, or by {@link #weigh}: DL4J's own step multiplies logits by a mask, too. Subclasses
 * are what DL4J writes as JSON and reads back.
 */
abstract class RowLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final SampleLoss loss;
  private transient float[] weights;

  RowLoss(SampleLoss loss) {
    this.loss = loss;
  }

  /**
   * Before DL4J fits a batch; its own losses, which plans without weights have, are not told.
   *
   * @param weights of the batch's rows; null: all count 1
   */
  static void weigh(ComputationGraph graph, float[] weights) {
    for (Layer layer : graph.getLayers()) {
      org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
      ILossFunction loss =
          conf instanceof BaseOutputLayer top
              ? top.getLossFn()
              : conf instanceof LossLayer alone ? alone.getLossFn() : null;
      if (loss instanceof RowLoss rows) {
        rows.weigh(weights);
      }
    }
  }

  void weigh(float[] rows) {
    weights = rows;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
    double sum = 0;
    for (double score : scores(labels, z, mask)) {
      sum += score;
    }
    return average ? sum / z.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray z, IActivation activation, INDArray mask) {
    return Nd4j.createFromArray(scores(labels, z, mask)).castTo(z.dataType()).reshape(z.size(0), 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray z, IActivation activation, INDArray mask) {
    float[] logits = floats(z);
    float[] targets = floats(labels);
    for (int i = 0; i < z.size(0); i++) {
      loss.gradient(logits, targets, i * loss.classes(), weight(mask, i));
    }
    return Nd4j.create(logits, z.shape(), 'c');
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray z, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, z, activation, mask, average),
        computeGradient(labels, z, activation, mask));
  }

  private double[] scores(INDArray labels, INDArray z, INDArray mask) {
    float[] logits = floats(z);
    float[] targets = floats(labels);
    double[] scores = new double[(int) z.size(0)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = loss.ofLogits(logits, targets, i * loss.classes(), weight(mask, i));
    }
    return scores;
  }

  private double weight(INDArray mask, int row) {
    if (mask != null) {
      return mask.getDouble(row);
    }
    return weights == null ? 1 : weights[row];
  }

  /** Row-major. */
  private static float[] floats(INDArray matrix) {
    return matrix.dup('c').data().asFloat();
  }
}
