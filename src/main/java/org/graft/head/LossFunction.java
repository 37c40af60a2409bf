package org.graft.head;

import org.graft.head.TrainedHead.Output;

/**
 * The loss that heads are trained on and that validation goes by: cross entropy with class weights,
 * label smoothing and the focal factor, each where it is asked for.
 *
 * <p>With {@code y} the target, {@code p} the probability, {@code w} the class weights and {@code
 * K} classes, a sample's loss is
 *
 * <ul>
 *   <li>softmax: the sum over classes of {@code -w y' (1 - p)^gamma log p}, with {@code y' = (1 -
 *       smoothing) y + smoothing / K}. Without the focal factor it is PyTorch's {@code
 *       CrossEntropyLoss(weight=w, label_smoothing=smoothing, reduction="none")};
 *   <li>sigmoid: the sum over labels of {@code -w1 y' (1 - p)^gamma log p - w0 (1 - y') p^gamma
 *       log(1 - p)}, with {@code y' = (1 - smoothing) y + smoothing / 2}, {@code w1} the weight of
 *       a label that is present and {@code w0} that of one that is absent.
 * </ul>
 *
 * The focal factor is that of Lin et al. (2017), Focal Loss for Dense Object Detection. The loss of
 * many samples is the mean weighted by their own weights: in training a sample's loss is multiplied
 * by {@code weight / mean weight of all training samples}, so that a mean over any batch has the
 * right expectation. All of it in double precision, with functions that give the same bits on any
 * machine.
 */
public final class LossFunction implements SampleLoss {
  private static final long serialVersionUID = 1L;

  /** As in DL4J's multi-class cross entropy: no probability that a head gives counts as less. */
  private static final double LEAST = 1e-10;

  private final boolean softmax;
  private final float[] present;
  private final float[] absent;
  private final double smoothing;
  private final double gamma;
  private final double scale;
  private final boolean weighted;

  /**
   * @param present class weights, {@code [classes]}
   * @param absent of labels that are absent, {@code [classes]}; for sigmoid outputs only
   * @param scale what samples' weights are multiplied by
   */
  public LossFunction(
      boolean softmax,
      float[] present,
      float[] absent,
      double smoothing,
      double gamma,
      double scale) {
    this(softmax, present, absent, smoothing, gamma, scale, true);
  }

  private LossFunction(
      boolean softmax,
      float[] present,
      float[] absent,
      double smoothing,
      double gamma,
      double scale,
      boolean weighted) {
    this.softmax = softmax;
    this.present = present.clone();
    this.absent = absent.clone();
    this.smoothing = smoothing;
    this.gamma = gamma;
    this.scale = scale;
    this.weighted = weighted;
  }

  /**
   * @param samples those that are trained on
   */
  public static LossFunction of(TrainingOptions options, Output output, ShardStatistics samples) {
    LossWeights weights = LossWeights.of(options.classWeights(), output, samples);
    return new LossFunction(
        output == Output.SOFTMAX,
        weights.present(),
        weights.absent(),
        options.labelSmoothing(),
        options.focalGamma(),
        samples.rows() / samples.weight(),
        samples.weighted());
  }

  /** Cross entropy with class weights. */
  public static LossFunction of(LossWeights weights, Output output) {
    return new LossFunction(
        output == Output.SOFTMAX, weights.present(), weights.absent(), 0, 0, 1, false);
  }

  @Override
  public int classes() {
    return present.length;
  }

  public boolean softmax() {
    return softmax;
  }

  /** Class weights, {@code [classes]}. */
  public float[] present() {
    return present.clone();
  }

  /** Weights of labels that are absent, {@code [classes]}. */
  public float[] absent() {
    return absent.clone();
  }

  public double smoothing() {
    return smoothing;
  }

  public double gamma() {
    return gamma;
  }

  public double scale() {
    return scale;
  }

  /** Whether it is cross entropy, and nothing else, of samples that all have the weight 1. */
  public boolean plain() {
    boolean ones = true;
    for (int c = 0; c < present.length; c++) {
      ones &= present[c] == 1 && absent[c] == 1;
    }
    return ones && smoothing == 0 && gamma == 0 && !weighted;
  }

  @Override
  public double ofProbabilities(float[] p, float[] y) {
    double loss = 0;
    for (int c = 0; c < p.length; c++) {
      double q = 1.0 - p[c];
      double target = target(y[c]);
      loss += present[c] * target * term(log(p[c]), q);
      if (!softmax) {
        loss += absent[c] * (1 - target) * term(log(q), p[c]);
      }
    }
    return loss;
  }

  @Override
  public double ofLogits(float[] z, float[] y, int at, double weight) {
    double logSum = softmax ? logSum(z, at) : 0;
    double loss = 0;
    for (int c = 0; c < present.length; c++) {
      double target = target(y[at + c]);
      if (softmax) {
        double logP = z[at + c] - logSum;
        loss += present[c] * target * term(logP, 1 - StrictMath.exp(logP));
      } else {
        double logP = logSigmoid(z[at + c]);
        double logQ = logSigmoid(-z[at + c]);
        loss += present[c] * target * term(logP, StrictMath.exp(logQ));
        loss += absent[c] * (1 - target) * term(logQ, StrictMath.exp(logP));
      }
    }
    return weight * scale * loss;
  }

  @Override
  public void gradient(float[] z, float[] y, int at, double weight) {
    if (softmax) {
      softmaxGradient(z, y, at, weight * scale);
    } else {
      sigmoidGradient(z, y, at, weight * scale);
    }
  }

  /** The most probable label is the sample's, or all labels are on the right side of 1/2. */
  @Override
  public double right(float[] p, float[] y) {
    return (softmax ? y[largest(p)] > 0.5f : allRight(p, y)) ? 1 : 0;
  }

  private static int largest(float[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  private static boolean allRight(float[] p, float[] y) {
    for (int c = 0; c < p.length; c++) {
      if (p[c] > 0.5f != y[c] > 0.5f) {
        return false;
      }
    }
    return true;
  }

  /** {@code dL/dz_k = g_k - p_k sum(g)}, where {@code g = p dL/dp}. */
  private void softmaxGradient(float[] z, float[] y, int at, double weight) {
    double logSum = logSum(z, at);
    double[] p = new double[present.length];
    double[] g = new double[present.length];
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      double logP = z[at + c] - logSum;
      p[c] = StrictMath.exp(logP);
      double q = 1 - p[c];
      double slope = q == 0 ? -1 : logP / q; // its limit
      g[c] = present[c] * target(y[at + c]) * focal(q) * (gamma * p[c] * slope - 1);
      sum += g[c];
    }
    for (int c = 0; c < p.length; c++) {
      z[at + c] = (float) (weight * (g[c] - p[c] * sum));
    }
  }

  private void sigmoidGradient(float[] z, float[] y, int at, double weight) {
    for (int c = 0; c < present.length; c++) {
      double logP = logSigmoid(z[at + c]);
      double logQ = logSigmoid(-z[at + c]);
      double p = StrictMath.exp(logP);
      double q = StrictMath.exp(logQ);
      double target = target(y[at + c]);
      double up = present[c] * target * focal(q) * (gamma * p * logP - q);
      double down = absent[c] * (1 - target) * focal(p) * (gamma * q * logQ - p);
      z[at + c] = (float) (weight * (up - down));
    }
  }

  /**
   * @param q 1 minus the probability
   */
  private double term(double logP, double q) {
    return -focal(q) * logP;
  }

  private double focal(double q) {
    return gamma == 0 ? 1 : StrictMath.pow(q, gamma);
  }

  private double target(float y) {
    return (1 - smoothing) * y + smoothing / (softmax ? present.length : 2);
  }

  private double logSum(float[] z, int at) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < present.length; c++) {
      max = Math.max(max, z[at + c]);
    }
    double sum = 0;
    for (int c = 0; c < present.length; c++) {
      sum += StrictMath.exp(z[at + c] - max);
    }
    return max + StrictMath.log(sum);
  }

  private static double log(double p) {
    return StrictMath.log(Math.max(p, LEAST)); // NaN stays NaN
  }

  private static double logSigmoid(double z) {
    return Math.min(z, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
  }
}
