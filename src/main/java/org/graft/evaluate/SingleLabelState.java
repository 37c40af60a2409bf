package org.graft.evaluate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.sample.Labels;

/** The state of samples with one label each. */
public final class SingleLabelState implements EvaluationState {
  static final byte KIND = 1;

  /** scikit-learn's clip for float32 probabilities: the distance from 1 to the next float. */
  private static final double EPSILON = Math.ulp(1f);

  private final int classes;
  private final ConfusionMatrix confusion;
  private final CalibrationBins calibration;
  private final long[] ranks; // [k]: samples whose label came at place 0, 1, .. k - 1
  private long samples;
  private long loss; // fixed point

  public SingleLabelState(int classes, int topK) {
    this(classes, new ConfusionMatrix(classes), new CalibrationBins(), new long[topK]);
    Checks.argument(topK > 0 && topK <= classes, "top %d of %d classes", topK, classes);
  }

  private SingleLabelState(
      int classes, ConfusionMatrix confusion, CalibrationBins calibration, long[] ranks) {
    this.classes = classes;
    this.confusion = confusion;
    this.calibration = calibration;
    this.ranks = ranks;
  }

  /**
   * Adds one sample; among equal probabilities the first class wins.
   *
   * @param probabilities {@code [classes]}
   * @param label its class
   */
  public void add(float[] probabilities, int label) {
    Ranking.check(probabilities, classes);
    int predicted = Ranking.first(probabilities);
    int rank = Ranking.rank(probabilities, label);
    samples++;
    confusion.add(label, predicted);
    calibration.add(probabilities[predicted], predicted == label);
    if (rank < ranks.length) {
      ranks[rank]++;
    }
    double p = Math.min(Math.max(probabilities[label], EPSILON), 1 - EPSILON);
    loss = Math.addExact(loss, FixedPoint.of(-StrictMath.log(p)));
  }

  @Override
  public void add(float[] probabilities, float[] targets) {
    int label = -1;
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != 0) {
        Checks.argument(label < 0, "two labels, %d and %d, where one is allowed", label, i);
        label = i;
      }
    }
    Checks.argument(label >= 0, "a sample without a label");
    add(probabilities, label);
  }

  @Override
  public void merge(EvaluationState other) {
    Checks.argument(
        other instanceof SingleLabelState that
            && that.classes == classes
            && that.ranks.length == ranks.length,
        "evaluation states differ in kind, classes or top-k");
    SingleLabelState that = (SingleLabelState) other;
    samples = Math.addExact(samples, that.samples);
    loss = Math.addExact(loss, that.loss);
    StateBytes.addInto(ranks, that.ranks);
    calibration.merge(that.calibration);
    confusion.merge(that.confusion);
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public SingleLabelEvaluation evaluation(Labels labels) {
    Checks.argument(labels.size() == classes, "%d labels for %d classes", labels.size(), classes);
    if (samples == 0) {
      throw new UserError(Evaluation.NO_SAMPLES);
    }
    LabelCounts counts = LabelCounts.of(confusion.cells(), classes);
    return new SingleLabelEvaluation(
        samples,
        (double) counts.hits() / samples,
        topK(),
        FixedPoint.toDouble(loss) / samples,
        calibration.expectedCalibrationError(),
        counts.macro(counts.seen()),
        counts.micro(),
        counts.weighted(),
        counts.scores(labels),
        confusion.cells(),
        calibration.bins(),
        null);
  }

  private Map<Integer, Double> topK() {
    Map<Integer, Double> accuracies = new TreeMap<>();
    long hits = 0;
    for (int k = 1; k <= ranks.length; k++) {
      hits += ranks[k - 1];
      accuracies.put(k, (double) hits / samples);
    }
    return accuracies;
  }

  @Override
  public byte[] toBytes() {
    return toBytes(KIND);
  }

  byte[] toBytes(byte kind) {
    int longs = 3 + ranks.length + CalibrationBins.longs() + confusion.longs();
    return StateBytes.write(kind, classes, longs, this::write);
  }

  private void write(ByteBuffer out) {
    out.putLong(ranks.length).putLong(samples).putLong(loss);
    StateBytes.put(out, ranks);
    calibration.write(out);
    confusion.write(out);
  }

  static SingleLabelState read(int classes, ByteBuffer in) {
    long topK = StateBytes.count(in);
    Checks.argument(
        topK > 0 && topK <= Math.min(classes, in.remaining() / Long.BYTES), "top %d", topK);
    long samples = StateBytes.count(in);
    long loss = StateBytes.count(in);
    long[] ranks = new long[(int) topK];
    StateBytes.counts(in, ranks);
    CalibrationBins calibration = CalibrationBins.read(in);
    ConfusionMatrix confusion = ConfusionMatrix.read(classes, in);
    SingleLabelState state = new SingleLabelState(classes, confusion, calibration, ranks);
    state.samples = samples;
    state.loss = loss;
    return state;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SingleLabelState that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }
}
