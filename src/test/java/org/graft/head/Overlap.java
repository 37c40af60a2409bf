package org.graft.head;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.graft.common.Json;
import org.graft.common.SeededHash;

/**
 * Ten overlapping classes, 10,000 samples to train and 10,000 others to test, and the optimum that
 * scikit-learn finds: see src/test/golden/heads/overlap.py.
 */
public final class Overlap {
  public static final int SAMPLES = 10_000;
  public static final int WIDTH = 48;
  public static final int CLASSES = 10;

  private Overlap() {}

  public static double optimum(String name) {
    try (InputStream in = Overlap.class.getResourceAsStream("/golden/heads/overlap.json")) {
      return ((Number) Json.readMap(in.readAllBytes(), "overlap.json").get(name)).doubleValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<LabelledBlock> test() {
    return dealt(SAMPLES, 1, false).get(0).blocks();
  }

  /**
   * @param byLabel whether a label's samples lie in one shard, so that each has a few classes only
   */
  public static List<Shard> train(int shards, boolean byLabel) {
    return dealt(0, shards, byLabel);
  }

  private static List<Shard> dealt(int start, int shards, boolean byLabel) {
    List<TreeMap<String, Integer>> rows = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      rows.add(new TreeMap<>());
    }
    Sharding byKey = Sharding.byKey(shards);
    for (int i = start; i < start + SAMPLES; i++) {
      String key = Rows.key(i);
      rows.get(byLabel ? i % CLASSES % shards : byKey.shard(key)).put(key, i);
    }
    return rows.stream().map(Overlap::shard).toList();
  }

  private static Shard shard(SortedMap<String, Integer> rows) {
    float[] features = new float[rows.size() * WIDTH];
    float[] targets = new float[rows.size() * CLASSES];
    int at = 0;
    for (int row : rows.values()) {
      System.arraycopy(features(row), 0, features, at * WIDTH, WIDTH);
      targets[at * CLASSES + row % CLASSES] = 1;
      at++;
    }
    List<String> keys = new ArrayList<>(rows.keySet());
    return new Shard(
        List.of(new LabelledBlock(keys, WIDTH, CLASSES, features, targets)).iterator());
  }

  static float[] features(long row) {
    float[] features = new float[WIDTH];
    double before = 0;
    for (int j = 0; j < WIDTH; j++) {
      double x = -2;
      for (int k = 0; k < 4; k++) {
        x += unit((row * WIDTH + j) * 4 + k);
      }
      x += 0.9 * unit((1L << 40) + row % CLASSES * WIDTH + j);
      x += j == 0 ? 0 : 0.6 * before;
      features[j] = (float) x;
      before = x;
    }
    return features;
  }

  private static double unit(long at) {
    return SeededHash.unit(SeededHash.mix(at * 0x9e3779b97f4a7c15L));
  }
}
