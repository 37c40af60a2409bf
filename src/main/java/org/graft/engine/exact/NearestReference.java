package org.graft.engine.exact;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.graft.common.SeededHash;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;

/**
 * How far each sample is from its nearest others (Sun et al. 2022, "Out-of-Distribution Detection
 * with Deep Nearest Neighbors"): 1 less the cosine, of features less their mean, with the {@value
 * #NEIGHBOUR}th nearest of some samples that hashes of keys choose; of all where they are few. A
 * few copies of a sample are no company.
 */
public final class NearestReference implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int NEIGHBOUR = 10;

  /** Less than any cosine. */
  private static final double NONE = -2;

  private static final int MOST_SAMPLES = 4096;
  private static final int MOST_FLOATS = 1 << 24;
  private static final long DRAW = 0x67726166742f6b6eL;

  private final double[] mean;
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Directions of unit length, {@code [samples][width]}. */
  private final double[] directions;

  /**
   * @param mean of all features, {@code [width]}, not copied
   * @param chosen {@link #chosen} of all shards
   */
  public NearestReference(double[] mean, List<LabelledBlock> chosen) {
    this.mean = mean;
    int samples = chosen.stream().mapToInt(LabelledBlock::size).sum();
    this.directions = new double[Math.multiplyExact(samples, mean.length)];
    for (LabelledBlock block : chosen) {
      for (int i = 0; i < block.size(); i++) {
        int from = numbers.size() * mean.length;
        for (int j = 0; j < mean.length; j++) {
          directions[from + j] = block.features()[i * mean.length + j] - mean[j];
        }
        normalise(directions, from, mean.length);
        numbers.put(block.key(i), numbers.size());
      }
    }
  }

  /**
   * The rows of a shard that belong to the reference.
   *
   * @param samples of all shards
   */
  public static List<LabelledBlock> chosen(Shard shard, long samples) {
    List<LabelledBlock> chosen = new ArrayList<>();
    for (LabelledBlock block : shard.blocks()) {
      double most = Math.min(MOST_SAMPLES, MOST_FLOATS / Math.max(1, block.width()));
      for (int i = 0; i < block.size(); i++) {
        if (SeededHash.unit(SeededHash.hash(DRAW, block.key(i))) * samples < most) {
          chosen.add(block.row(i));
        }
      }
    }
    return LabelledBlock.joined(chosen).stream().toList();
  }

  /**
   * @return {@code [rows of the shard]}, 0 to 2; NaN where there are too few samples to tell
   */
  public double[] distances(Shard shard) {
    double[] distances = new double[shard.size()];
    int references = numbers.size();
    int most = Math.min(Batch.ROWS, shard.size());
    double[] cosines = new double[Math.multiplyExact(most, references)];
    int[] done = {0};
    try (DoublePointer x = Blas.zeros((long) most * mean.length);
        DoublePointer those = Blas.copy(directions);
        DoublePointer products = Blas.zeros((long) most * references)) {
      Batch.each(
          shard.blocks(),
          ExactRows.first(shard.size() == 0 ? 1 : shard.blocks().get(0).classes()),
          mean,
          batch -> {
            for (int i = 0; i < batch.size(); i++) {
              normalise(batch.x, i * mean.length, mean.length);
            }
            x.put(batch.x, 0, batch.size() * mean.length);
            Blas.timesTransposed(
                batch.size(), references, mean.length, x, those, products, references);
            products.get(cosines, 0, batch.size() * references);
            for (int i = 0; i < batch.size(); i++) {
              distances[done[0]] = distance(shard.key(done[0]), cosines, i * references);
              done[0]++;
            }
          });
    }
    return distances;
  }

  /** The sample itself is no neighbour. */
  private double distance(String key, double[] cosines, int from) {
    int itself = numbers.getOrDefault(key, -1);
    double[] nearest = new double[NEIGHBOUR];
    Arrays.fill(nearest, NONE);
    for (int other = 0; other < numbers.size(); other++) {
      double cosine = cosines[from + other];
      if (other != itself && cosine > nearest[0]) {
        int at = 1;
        while (at < NEIGHBOUR && nearest[at] < cosine) {
          nearest[at - 1] = nearest[at];
          at++;
        }
        nearest[at - 1] = cosine;
      }
    }
    return nearest[0] == NONE ? Double.NaN : Math.max(0, 1 - nearest[0]);
  }

  private static void normalise(double[] values, int from, int length) {
    double squares = 0;
    for (int j = from; j < from + length; j++) {
      squares += values[j] * values[j];
    }
    double norm = squares == 0 ? 1 : Math.sqrt(squares);
    for (int j = from; j < from + length; j++) {
      values[j] /= norm;
    }
  }
}
