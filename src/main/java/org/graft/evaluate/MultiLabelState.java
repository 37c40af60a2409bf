package org.graft.evaluate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.sample.Labels;

/** The state of samples with any number of labels each. */
public final class MultiLabelState implements EvaluationState {
  /** A sample gets a label from this probability on. */
  private static final float THRESHOLD = 0.5f;

  static final byte KIND = 2;

  private final int classes;
  private final LabelCounts counts;
  private long samples;
  private long exact; // samples whose labels are all right
  private long sampleF1; // fixed point

  public MultiLabelState(int classes) {
    this.classes = classes;
    this.counts = new LabelCounts(new long[classes], new long[classes], new long[classes]);
  }

  /** Whether a label of this probability is given to the sample. */
  public static boolean isGiven(float probability) {
    return probability >= THRESHOLD;
  }

  @Override
  public void add(float[] probabilities, float[] targets) {
    Ranking.check(probabilities, classes);
    Checks.argument(targets.length == classes, "%d targets for %d", targets.length, classes);
    int support = 0;
    int predicted = 0;
    int hit = 0;
    for (int i = 0; i < classes; i++) {
      int actual = targets[i] != 0 ? 1 : 0;
      int got = isGiven(probabilities[i]) ? 1 : 0;
      counts.support()[i] += actual;
      counts.predicted()[i] += got;
      counts.hit()[i] += actual & got;
      support += actual;
      predicted += got;
      hit += actual & got;
    }
    samples++;
    exact += support == hit && predicted == hit ? 1 : 0;
    double f1 = LabelCounts.ratio(2.0 * hit, support + predicted);
    sampleF1 = Math.addExact(sampleF1, FixedPoint.of(f1));
  }

  @Override
  public void merge(EvaluationState other) {
    Checks.argument(
        other instanceof MultiLabelState that && that.classes == classes,
        "evaluation states differ in kind or classes");
    MultiLabelState that = (MultiLabelState) other;
    samples = Math.addExact(samples, that.samples);
    exact = Math.addExact(exact, that.exact);
    sampleF1 = Math.addExact(sampleF1, that.sampleF1);
    StateBytes.addInto(counts.support(), that.counts.support());
    StateBytes.addInto(counts.predicted(), that.counts.predicted());
    StateBytes.addInto(counts.hit(), that.counts.hit());
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public MultiLabelEvaluation evaluation(Labels labels) {
    Checks.argument(labels.size() == classes, "%d labels for %d classes", labels.size(), classes);
    if (samples == 0) {
      throw new UserError(Evaluation.NO_SAMPLES);
    }
    long wrong =
        Arrays.stream(counts.support()).sum()
            + Arrays.stream(counts.predicted()).sum()
            - 2 * counts.hits();
    return new MultiLabelEvaluation(
        samples,
        (double) exact / samples,
        wrong / ((double) samples * classes),
        FixedPoint.toDouble(sampleF1) / samples,
        counts.macro(i -> true),
        counts.micro(),
        counts.weighted(),
        counts.scores(labels));
  }

  @Override
  public byte[] toBytes() {
    return StateBytes.write(KIND, classes, 3 + 3L * classes, this::write);
  }

  private void write(ByteBuffer out) {
    out.putLong(samples).putLong(exact).putLong(sampleF1);
    StateBytes.put(out, counts.support());
    StateBytes.put(out, counts.predicted());
    StateBytes.put(out, counts.hit());
  }

  static MultiLabelState read(int classes, ByteBuffer in) {
    Checks.argument(
        in.remaining() == (3 + 3L * classes) * Long.BYTES,
        "evaluation state of %d labels has %d bytes",
        classes,
        in.remaining());
    MultiLabelState state = new MultiLabelState(classes);
    state.samples = StateBytes.count(in);
    state.exact = StateBytes.count(in);
    state.sampleF1 = StateBytes.count(in);
    StateBytes.counts(in, state.counts.support());
    StateBytes.counts(in, state.counts.predicted());
    StateBytes.counts(in, state.counts.hit());
    return state;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MultiLabelState that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }
}
