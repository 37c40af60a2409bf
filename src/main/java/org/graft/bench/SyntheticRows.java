package org.graft.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.graft.common.SeededHash;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;

/**
 * Features that are made where they are needed: a row is a hash of the seed and its number, so
 * nothing is shipped, and any number of shards holds the same rows.
 *
 * <p>As features of a network are, they are correlated: each is one of {@value #FACTORS} hidden
 * factors and as much noise of its own, scaled to unit variance. A class is a point among the
 * factors, and classes overlap, so that no head is always right.
 *
 * @param width of a row
 * @param classes about equally frequent
 */
record SyntheticRows(int width, int classes, long seed) implements Serializable {
  private static final int BLOCK = 1024;
  private static final int FACTORS = 64;

  /** Of a class's coordinates: so far apart that the best head is right nine times of ten. */
  private static final double SPREAD = 0.4;

  private static final float SCALE = (float) (1 / Math.sqrt(2 + SPREAD * SPREAD));

  /** Row numbers from here on are never trained on. */
  static final long TEST = 1L << 40;

  /** Rows {@code first} to {@code first + count - 1}; partition i holds every shards-th, from i. */
  JavaRDD<Shard> shards(JavaSparkContext sc, long first, long count, int shards) {
    List<Integer> numbers = IntStream.range(0, shards).boxed().toList();
    return sc.parallelize(numbers, shards).map(i -> shard(first + i, first + count, shards));
  }

  /** Rows {@code from}, {@code from + step}, ... below {@code to}. */
  Shard shard(long from, long to, int step) {
    long rows = Math.max(0, (to - from + step - 1) / step);
    Iterator<LabelledBlock> blocks =
        IntStream.range(0, Math.toIntExact((rows + BLOCK - 1) / BLOCK))
            .mapToObj(
                b ->
                    block(
                        from + (long) b * BLOCK * step,
                        step,
                        (int) Math.min(BLOCK, rows - (long) b * BLOCK)))
            .iterator();
    return new Shard(blocks);
  }

  private LabelledBlock block(long from, int step, int count) {
    List<String> keys = new ArrayList<>(count);
    float[] features = new float[Math.multiplyExact(count, width)];
    float[] targets = new float[count * classes];
    for (int i = 0; i < count; i++) {
      long row = from + (long) i * step;
      keys.add("%016d".formatted(row));
      int label = label(row);
      targets[i * classes + label] = 1;
      fill(features, i * width, row, label);
    }
    return new LabelledBlock(keys, width, classes, features, targets);
  }

  private int label(long row) {
    return (int) Math.floorMod(SeededHash.hash(seed, row), (long) classes);
  }

  private void fill(float[] features, int at, long row, int label) {
    float[] factors = new float[FACTORS];
    for (int k = 0; k < FACTORS; k++) {
      float centre = (float) (SPREAD * normal(SeededHash.hash(seed, -1L - label, k)));
      factors[k] = centre + normal(SeededHash.hash(seed, row, k, 1));
    }
    long own = SeededHash.hash(seed, row, 2);
    for (int j = 0; j < width; j++) {
      features[at + j] = SCALE * (factors[j % FACTORS] + normal(SeededHash.mix(own + j)));
    }
  }

  /** Zero mean and unit variance, as near to a normal distribution as four uniform numbers are. */
  private static float normal(long hash) {
    long sum = (hash & 0xffff) + (hash >>> 16 & 0xffff) + (hash >>> 32 & 0xffff) + (hash >>> 48);
    return (sum / 65536f - 2) * 1.7320508f;
  }
}
