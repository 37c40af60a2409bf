package org.graft.head;

/**
 * Cross entropy of proportional odds (McCullagh 1980): {@code P(y <= k) = sigmoid(u_k - f)} with
 * one score {@code f} a sample and rising thresholds {@code u}.
 *
 * <p>The network gives {@code [classes]} numbers of a sample: the score, the first threshold, and
 * for every other the number whose softplus is the step up to it, so thresholds rise whatever is
 * learnt. In double precision; with {@code d = u_k - u_(k-1)}, {@code log P(y = k) = log
 * sigmoid(u_k - f) + log sigmoid(f - u_(k-1)) + log(1 - e^-d)}, where nothing cancels.
 */
public final class OrdinalLoss implements SampleLoss {
  private static final long serialVersionUID = 1L;

  /** As other cross entropies here: no probability counts as less. */
  private static final double LEAST = StrictMath.log(1e-10);

  private final float[] present;
  private final double scale;

  /**
   * @param present class weights, {@code [classes]}
   * @param scale what samples' weights are multiplied by
   */
  public OrdinalLoss(float[] present, double scale) {
    this.present = present.clone();
    this.scale = scale;
  }

  /** Class weights, {@code [classes]}. */
  public float[] present() {
    return present.clone();
  }

  public double scale() {
    return scale;
  }

  @Override
  public int classes() {
    return present.length;
  }

  @Override
  public double ofProbabilities(float[] p, float[] y) {
    int rank = rank(y, 0);
    return present[rank] * -Math.max(StrictMath.log(p[rank]), LEAST); // NaN stays NaN
  }

  @Override
  public double right(float[] p, float[] y) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best == rank(y, 0) ? 1 : 0;
  }

  @Override
  public double ofLogits(float[] z, float[] y, int at, double weight) {
    int rank = rank(y, at);
    double log = 0;
    if (rank < classes() - 1) {
      log += logSigmoid(threshold(z, at, rank) - z[at]);
    }
    if (rank > 0) {
      log += logSigmoid(z[at] - threshold(z, at, rank - 1));
    }
    if (rank > 0 && rank < classes() - 1) {
      log += StrictMath.log(-StrictMath.expm1(-softplus(z[at + rank + 1])));
    }
    return weight * scale * present[rank] * -Math.max(log, LEAST);
  }

  @Override
  public void gradient(float[] z, float[] y, int at, double weight) {
    int rank = rank(y, at);
    boolean hasAbove = rank < classes() - 1;
    double between = rank > 0 && hasAbove ? 1 / StrictMath.expm1(softplus(z[at + rank + 1])) : 0;
    double above = // by the threshold above
        hasAbove ? -(sigmoid(z[at] - threshold(z, at, rank)) + between) : 0;
    double below = rank > 0 ? sigmoid(threshold(z, at, rank - 1) - z[at]) + between : 0;
    double times = weight * scale * present[rank];
    z[at] = (float) (-times * (above + below));
    for (int k = 0; k < classes() - 1; k++) { // threshold k moves all from k on
      double moved = (k <= rank ? above : 0) + (k < rank ? below : 0);
      double slope = k == 0 ? 1 : sigmoid(z[at + k + 1]);
      z[at + k + 1] = (float) (times * moved * slope);
    }
  }

  private static double threshold(float[] z, int at, int k) {
    double threshold = z[at + 1];
    for (int i = 1; i <= k; i++) {
      threshold += softplus(z[at + i + 1]);
    }
    return threshold;
  }

  private int rank(float[] y, int at) {
    for (int c = 0; c < classes(); c++) {
      if (y[at + c] > 0.5f) {
        return c;
      }
    }
    throw new IllegalArgumentException("a sample without a label");
  }

  /**
   * Thresholds, lowest first, in the network's terms: the inverse of {@link #thresholds}.
   *
   * @param count of thresholds, so that all {@code count + 1} ranks are equally probable at first
   */
  public static float[] even(int count) {
    float[] raw = new float[count];
    double last = 0;
    for (int k = 0; k < count; k++) {
      double share = (k + 1.0) / (count + 1);
      double threshold = StrictMath.log(share / (1 - share));
      raw[k] = (float) (k == 0 ? threshold : StrictMath.log(StrictMath.expm1(threshold - last)));
      last = threshold;
    }
    return raw;
  }

  /** Thresholds as they are learnt, added up: they rise. */
  public static float[] thresholds(float[] raw) {
    float[] thresholds = new float[raw.length];
    double sum = raw[0];
    thresholds[0] = (float) sum;
    for (int k = 1; k < raw.length; k++) {
      sum += softplus(raw[k]);
      thresholds[k] = (float) sum;
    }
    return thresholds;
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double logSigmoid(double x) {
    return -softplus(-x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }
}
