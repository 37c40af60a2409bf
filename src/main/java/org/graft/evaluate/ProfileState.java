package org.graft.evaluate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.sample.Labels;

/**
 * What must be remembered of samples for their {@link Profile}; states of two sets of samples
 * merged are the state of both, bit for bit. Mutable, not thread-safe; crosses machines as {@link
 * #toBytes()}.
 */
public final class ProfileState {
  private static final int MAGIC = 'G' << 24 | 'P' << 16 | 'R' << 8 | 1;
  private static final int MOST_WIDTH = 1 << 20;

  private final Projection projection;
  private final ExactSum[] sums;
  private final long[] given;
  private final long[] confidence = new long[Profile.BINS];
  private long samples;

  /**
   * @param width of the features
   * @param labels of the head
   */
  public ProfileState(int width, int labels) {
    projection = new Projection(width);
    int k = projection.dimensions();
    sums = new ExactSum[k + k * (k + 1) / 2];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ExactSum();
    }
    given = new long[labels];
  }

  /**
   * @param features {@code [width]}
   */
  public void addFeatures(float[] features) {
    double[] x = projection.of(features);
    int at = x.length;
    for (int i = 0; i < x.length; i++) {
      sums[i].add(x[i]);
      for (int j = 0; j <= i; j++) {
        sums[at++].add(x[i] * x[j]);
      }
    }
    samples++;
  }

  /**
   * @param probabilities {@code [labels]}
   */
  public void addPrediction(float[] probabilities) {
    int first = Ranking.first(probabilities);
    addPrediction(first, probabilities[first]);
  }

  /**
   * @param label that comes first
   * @param probability of it
   */
  public void addPrediction(int label, float probability) {
    given[label]++;
    confidence[(int) Math.min(Profile.BINS - 1, probability * Profile.BINS)]++;
  }

  /** Adds the other's samples, which stays as it is. */
  public void merge(ProfileState other) {
    Checks.argument(
        other.projection.width() == projection.width() && other.given.length == given.length,
        "profiles of different sizes");
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(other.sums[i]);
    }
    StateBytes.addInto(given, other.given);
    StateBytes.addInto(confidence, other.confidence);
    samples += other.samples;
  }

  /**
   * Without the samples' own labels.
   *
   * @param labels of the head
   */
  public Profile profile(Labels labels) {
    int k = projection.dimensions();
    BigDecimal n = BigDecimal.valueOf(Math.max(1, samples));
    BigDecimal[] means = new BigDecimal[k];
    for (int i = 0; i < k; i++) {
      means[i] = sums[i].value().divide(n, MathContext.DECIMAL128);
    }
    double[][] covariance = new double[k][k];
    int at = k;
    for (int i = 0; i < k; i++) {
      for (int j = 0; j <= i; j++) {
        BigDecimal product = sums[at++].value().divide(n, MathContext.DECIMAL128);
        covariance[i][j] = product.subtract(means[i].multiply(means[j])).doubleValue();
        covariance[j][i] = covariance[i][j];
      }
    }
    return new Profile(
        Profile.FORMAT,
        projection.width(),
        samples,
        list(Arrays.stream(means).mapToDouble(BigDecimal::doubleValue).toArray()),
        Arrays.stream(covariance).map(ProfileState::list).toList(),
        Map.of(),
        counts(labels),
        Arrays.stream(confidence).boxed().toList());
  }

  private static List<Double> list(double[] values) {
    List<Double> list = new ArrayList<>();
    for (double value : values) {
      list.add(value + 0.0); // no negative zero
    }
    return list;
  }

  private Map<String, Long> counts(Labels labels) {
    Map<String, Long> counts = new TreeMap<>();
    if (Arrays.stream(given).sum() == 0) {
      return counts;
    }
    for (int label = 0; label < given.length; label++) {
      counts.put(labels.name(label), given[label]);
    }
    return counts;
  }

  /** Whose features were added. */
  public long samples() {
    return samples;
  }

  public byte[] toBytes() {
    int longs = 1 + given.length + confidence.length;
    int packed = Arrays.stream(sums).mapToInt(ExactSum::packedBytes).sum();
    ByteBuffer out = ByteBuffer.allocate(3 * Integer.BYTES + longs * Long.BYTES + packed);
    out.putInt(MAGIC).putInt(projection.width()).putInt(given.length).putLong(samples);
    StateBytes.put(out, given);
    StateBytes.put(out, confidence);
    for (ExactSum sum : sums) {
      sum.pack(out);
    }
    return out.array();
  }

  /**
   * The reverse of {@link #toBytes()}.
   *
   * @throws IllegalArgumentException if {@code bytes} are not a whole state of this version
   */
  public static ProfileState fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      Checks.argument(in.getInt() == MAGIC, "not a profile of version 1");
      int width = in.getInt();
      int labels = in.getInt();
      Checks.argument(
          width > 0 && width <= MOST_WIDTH && labels >= 0 && labels <= in.remaining() / Long.BYTES,
          "profile of width %d and %d labels",
          width,
          labels);
      ProfileState state = new ProfileState(width, labels);
      state.samples = StateBytes.count(in);
      StateBytes.counts(in, state.given);
      StateBytes.counts(in, state.confidence);
      for (int i = 0; i < state.sums.length; i++) {
        state.sums[i] = ExactSum.unpack(in);
      }
      Checks.argument(!in.hasRemaining(), "%d bytes after the profile", in.remaining());
      return state;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("profile cut short at " + bytes.length, e);
    }
  }
}
