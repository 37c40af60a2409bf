package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTest {
  @Test
  void rowsGoToTheWorkerOfTheirKeyInTheOrderOfTheirKeys() {
    Sharding averaging = Sharding.byKey(3);
    List<Shard> shards = Shard.deal(Rows.of(100, 2, 2), averaging);
    assertEquals(100, shards.stream().mapToInt(Shard::size).sum());
    for (int worker = 0; worker < 3; worker++) {
      Shard shard = shards.get(worker);
      assertTrue(shard.size() > 20, "worker " + worker + " has " + shard.size());
      for (int i = 0; i < shard.size(); i++) {
        assertEquals(worker, averaging.shard(shard.key(i)));
        assertTrue(i == 0 || shard.key(i - 1).compareTo(shard.key(i)) < 0);
      }
    }
  }

  @Test
  void anOrderHoldsEveryRowOnceAndChangesWithEpochAndSeed() {
    Shard shard = Shard.deal(Rows.of(50, 2, 2), Sharding.byKey(1)).get(0);
    int[] order = shard.order(1, 0);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 50).toArray(), sorted);
    assertArrayEquals(order, shard.order(1, 0));
    assertFalse(Arrays.equals(order, shard.order(1, 1)));
    assertFalse(Arrays.equals(order, shard.order(2, 0)));
  }

  @Test
  void equalDrawsKeepTheOrderOfTheRows() {
    assertArrayEquals(new int[] {1, 3, 4, 0, 2, 5}, Shard.ranked(new long[] {7, -1, 7, -1, 3, 9}));
    assertArrayEquals(new int[] {0, 1, 2}, Shard.ranked(new long[] {5, 5, 5}));
  }

  @Test
  void rowsAreGatheredAcrossBlocks() {
    LabelledBlock empty = new LabelledBlock(List.of(), 1, 2, new float[0], new float[0]);
    Shard shard =
        new Shard(List.of(empty, block("a", 1), block("b", 2), empty, block("c", 3)).iterator());
    assertEquals(3, shard.size());
    assertEquals("c", shard.key(2));
    assertArrayEquals(new float[] {3, 1, 2}, shard.features(new int[] {2, 0, 1}, 0, 3));
    assertArrayEquals(new float[] {3, 4}, shard.targets(new int[] {0, 2}, 1, 2));
    assertEquals(0, new Shard(List.of(empty).iterator()).size());
    assertEquals(0, new Shard(new ArrayList<LabelledBlock>().iterator()).size());
  }

  @Test
  void keysTwiceOrOutOfOrderAreRefused() {
    var twice = List.of(block("a", 1), block("a", 2));
    var wrong = List.of(block("b", 1), block("a", 2));
    assertThrows(IllegalArgumentException.class, () -> new Shard(twice.iterator()));
    assertThrows(IllegalArgumentException.class, () -> new Shard(wrong.iterator()));
  }

  private static LabelledBlock block(String key, float value) {
    float[] y = {value, value + 1};
    return new LabelledBlock(List.of(key), 1, 2, new float[] {value}, y);
  }
}
