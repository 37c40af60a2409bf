package org.graft.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often predictions of a given confidence are right: 15 bins of equal width, each open below
 * and closed above, as in Guo et al., "On Calibration of Modern Neural Networks" (2017). Mergeable.
 */
final class CalibrationBins {
  static final int BINS = 15;

  private final long[] counts = new long[BINS];
  private final long[] correct = new long[BINS];
  private final long[] confidence = new long[BINS]; // fixed point

  void add(float predictedProbability, boolean right) {
    int bin = Math.max(0, (int) Math.ceil((double) predictedProbability * BINS) - 1);
    bin = Math.min(bin, BINS - 1);
    counts[bin]++;
    correct[bin] += right ? 1 : 0;
    confidence[bin] = Math.addExact(confidence[bin], FixedPoint.of(predictedProbability));
  }

  void merge(CalibrationBins other) {
    StateBytes.addInto(counts, other.counts);
    StateBytes.addInto(correct, other.correct);
    StateBytes.addInto(confidence, other.confidence);
  }

  /** The mean over all samples of |accuracy - confidence| of their bin. */
  double expectedCalibrationError() {
    double sum = 0;
    for (int i = 0; i < BINS; i++) {
      sum += Math.abs(correct[i] - FixedPoint.toDouble(confidence[i]));
    }
    return sum / Arrays.stream(counts).sum();
  }

  /** The bins that hold a sample. */
  List<SingleLabelEvaluation.CalibrationBin> bins() {
    List<SingleLabelEvaluation.CalibrationBin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      if (counts[i] > 0) {
        bins.add(
            new SingleLabelEvaluation.CalibrationBin(
                (i + 1.0) / BINS,
                counts[i],
                (double) correct[i] / counts[i],
                FixedPoint.toDouble(confidence[i]) / counts[i]));
      }
    }
    return bins;
  }

  static int longs() {
    return 3 * BINS;
  }

  void write(ByteBuffer out) {
    StateBytes.put(out, counts);
    StateBytes.put(out, correct);
    StateBytes.put(out, confidence);
  }

  static CalibrationBins read(ByteBuffer in) {
    CalibrationBins bins = new CalibrationBins();
    StateBytes.counts(in, bins.counts);
    StateBytes.counts(in, bins.correct);
    StateBytes.counts(in, bins.confidence);
    return bins;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CalibrationBins that
        && Arrays.equals(counts, that.counts)
        && Arrays.equals(correct, that.correct)
        && Arrays.equals(confidence, that.confidence);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }
}
