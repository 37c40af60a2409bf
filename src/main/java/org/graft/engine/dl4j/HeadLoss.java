package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Checks;
import org.graft.head.LossFunction;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@link LossFunction} for DL4J, whose own losses know neither smoothing nor the focal factor.
 * Samples' weights come by {@link #weigh} before a batch is fitted: a mask would do as well if DL4J
 * did not multiply logits by it, too.
 */
public final class HeadLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final LossFunction loss;
  private transient float[] weights;

  HeadLoss(LossFunction loss) {
    this.loss = loss;
  }

  /** As DL4J reads it from JSON. */
  public HeadLoss(
      @JsonProperty("softmax") boolean softmax,
      @JsonProperty("present") float[] present,
      @JsonProperty("absent") float[] absent,
      @JsonProperty("smoothing") double smoothing,
      @JsonProperty("gamma") double gamma,
      @JsonProperty("scale") double scale) {
    this(new LossFunction(softmax, present, absent, smoothing, gamma, scale));
  }

  /**
   * Before a batch is fitted; losses of DL4J's, which plans without weights have, are not told.
   *
   * @param weights of the batch's rows
   */
  static void weigh(ComputationGraph graph, float[] weights) {
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseOutputLayer top
          && top.getLossFn() instanceof HeadLoss loss) {
        loss.weigh(weights);
      }
    }
  }

  void weigh(float[] rows) {
    weights = rows;
  }

  @JsonProperty("softmax")
  public boolean softmax() {
    return loss.softmax();
  }

  @JsonProperty("present")
  public float[] present() {
    return loss.present();
  }

  @JsonProperty("absent")
  public float[] absent() {
    return loss.absent();
  }

  @JsonProperty("smoothing")
  public double smoothing() {
    return loss.smoothing();
  }

  @JsonProperty("gamma")
  public double gamma() {
    return loss.gamma();
  }

  @JsonProperty("scale")
  public double scale() {
    return loss.scale();
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
    requireWeights(z, mask);
    float[] targets = floats(labels);
    for (int i = 0; i < z.size(0); i++) {
      loss.gradient(logits, targets, i * loss.classes(), weight(i));
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
    requireWeights(z, mask);
    float[] targets = floats(labels);
    double[] scores = new double[(int) z.size(0)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = loss.ofLogits(logits, targets, i * loss.classes(), weight(i));
    }
    return scores;
  }

  private void requireWeights(INDArray z, INDArray mask) {
    Checks.argument(
        mask == null && (weights == null || weights.length == z.size(0)),
        "a batch of %d rows with a mask or others' weights",
        z.size(0));
  }

  private double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /** Row-major. */
  private static float[] floats(INDArray matrix) {
    return matrix.dup('c').data().asFloat();
  }

  @Override
  public String name() {
    return "HeadLoss";
  }
}
