package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.junit.jupiter.api.Test;

class SyntheticRowsTest {
  private final SyntheticRows made = new SyntheticRows(128, 10, 3);

  private static SortedMap<String, float[]> rows(List<Shard> shards) {
    SortedMap<String, float[]> rows = new TreeMap<>();
    for (Shard shard : shards) {
      for (LabelledBlock block : shard.blocks()) {
        for (int i = 0; i < block.size(); i++) {
          rows.put(block.key(i), block.featureRow(i));
        }
      }
    }
    return rows;
  }

  @Test
  void shardsHoldTheSameRowsHoweverMany() {
    SortedMap<String, float[]> one = rows(List.of(made.shard(0, 2500, 1)));
    SortedMap<String, float[]> seven =
        rows(IntStream.range(0, 7).mapToObj(i -> made.shard(i, 2500, 7)).toList());
    assertEquals(2500, one.size());
    assertEquals(one.keySet(), seven.keySet());
    one.forEach((key, row) -> assertArrayEquals(row, seven.get(key)));
  }

  @Test
  void shardsMayBeEmpty() {
    assertEquals(0, made.shard(4, 3, 8).size());
    assertEquals(1, made.shard(2, 3, 8).size());
  }

  @Test
  void featuresHaveUnitVarianceAndClassesAreEven() {
    LabelledBlock block = made.shard(0, 1024, 1).blocks().get(0);
    double sum = 0;
    double squares = 0;
    for (float x : block.features()) {
      sum += x;
      squares += x * x;
    }
    assertEquals(0, sum / block.features().length, 0.1);
    assertEquals(1, squares / block.features().length, 0.1);
    int[] counts = new int[10];
    for (int i = 0; i < block.targets().length; i++) {
      counts[i % 10] += (int) block.targets()[i];
    }
    for (int count : counts) {
      assertEquals(102, count, 45); // four and a half standard deviations
    }
  }
}
