package org.graft.head;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.graft.common.Checks;
import org.graft.common.SeededHash;

/** The rows of one logical worker, in the order of their keys, possibly none. */
public final class Shard implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sets draws apart from the order of the rows. */
  private static final long DRAW = 1;

  private final LabelledBlock[] blocks;

  /** The index of each block's first row, then the number of rows. */
  private final int[] starts;

  /** One hash a row, of its key alone: what batches are drawn by. */
  private final long[] hashes;

  private transient volatile Order order;

  /** One epoch's order; immutable. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Order(long seed, int epoch, int[] rows) {}

  /**
   * @param blocks in the order of their keys; a key out of order or twice is an error of whoever
   *     dealt the rows
   */
  public Shard(Iterator<LabelledBlock> blocks) {
    List<LabelledBlock> list = new ArrayList<>();
    blocks.forEachRemaining(list::add);
    this.blocks = list.toArray(LabelledBlock[]::new);
    starts = new int[list.size() + 1];
    for (int b = 0; b < list.size(); b++) {
      starts[b + 1] = Math.addExact(starts[b], list.get(b).size());
    }
    hashes = new long[size()];
    String previous = "";
    for (int i = 0; i < hashes.length; i++) {
      String key = key(i);
      Checks.argument(
          i == 0 || previous.compareTo(key) < 0, "keys out of order: %s, %s", previous, key);
      hashes[i] = SeededHash.hash(0, key);
      previous = key;
    }
  }

  /**
   * Deals rows to their shards, by key.
   *
   * @param blocks of one shape, rows in any order, each key once
   * @return {@code [shards]}
   */
  public static List<Shard> deal(List<LabelledBlock> blocks, Sharding sharding) {
    record Row(LabelledBlock block, int index) {
      String key() {
        return block.key(index);
      }
    }
    List<List<Row>> dealt = new ArrayList<>();
    for (int shard = 0; shard < sharding.shards(); shard++) {
      dealt.add(new ArrayList<>());
    }
    for (LabelledBlock block : blocks) {
      for (int i = 0; i < block.size(); i++) {
        dealt.get(sharding.shard(block.key(i))).add(new Row(block, i));
      }
    }
    List<Shard> shards = new ArrayList<>();
    for (List<Row> rows : dealt) {
      rows.sort(Comparator.comparing(Row::key));
      List<LabelledBlock> inOrder = rows.stream().map(row -> row.block().row(row.index())).toList();
      shards.add(new Shard(LabelledBlock.joined(inOrder).stream().iterator()));
    }
    return shards;
  }

  public int size() {
    return starts[blocks.length];
  }

  public List<LabelledBlock> blocks() {
    return List.of(blocks);
  }

  public String key(int row) {
    int b = block(row);
    return blocks[b].key(row - starts[b]);
  }

  /**
   * The order in which an epoch visits the rows; not to be written to. It is drawn by hash of
   * (seed, key, epoch), so it is the same wherever the rows lie and however often they are read.
   * The last one is remembered, since all rounds of an epoch ask for the same.
   */
  public int[] order(long seed, int epoch) {
    Order last = order;
    if (last == null || last.seed != seed || last.epoch != epoch) {
      last = new Order(seed, epoch, draw(seed, epoch));
      order = last;
    }
    return last.rows;
  }

  private int[] draw(long seed, int epoch) {
    long[] drawn = new long[hashes.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = SeededHash.hash(seed, hashes[i], epoch);
    }
    return ranked(drawn);
  }

  /** The indices by ascending value, equal values by index; no boxes. */
  static int[] ranked(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    int[] order = new int[values.length];
    Arrays.fill(order, -1);
    for (int i = 0; i < values.length; i++) {
      int rank = Arrays.binarySearch(sorted, values[i]);
      while (rank > 0 && sorted[rank - 1] == values[i]) {
        rank--;
      }
      while (order[rank] >= 0) {
        rank++;
      }
      order[rank] = i;
    }
    return order;
  }

  /** Features of some rows, {@code [to - from][width]} row-major. */
  public float[] features(int[] rows, int from, int to) {
    int width = blocks[0].width();
    float[] gathered = new float[Math.multiplyExact(to - from, width)];
    for (int i = from; i < to; i++) {
      int b = block(rows[i]);
      int at = (rows[i] - starts[b]) * width;
      System.arraycopy(blocks[b].features(), at, gathered, (i - from) * width, width);
    }
    return gathered;
  }

  /** Targets of some rows, {@code [to - from][classes]} row-major. */
  public float[] targets(int[] rows, int from, int to) {
    int classes = blocks[0].classes();
    float[] gathered = new float[Math.multiplyExact(to - from, classes)];
    for (int i = from; i < to; i++) {
      int b = block(rows[i]);
      int at = (rows[i] - starts[b]) * classes;
      System.arraycopy(blocks[b].targets(), at, gathered, (i - from) * classes, classes);
    }
    return gathered;
  }

  /** Weights of some rows, {@code [to - from]}. */
  public float[] weights(int[] rows, int from, int to) {
    float[] gathered = new float[to - from];
    for (int i = from; i < to; i++) {
      int b = block(rows[i]);
      gathered[i - from] = blocks[b].weights()[rows[i] - starts[b]];
    }
    return gathered;
  }

  /**
   * What chance has for some rows in an epoch, beside their order, {@code [to - from]}: by hash of
   * (seed, key, epoch).
   */
  public long[] draws(int[] rows, int from, int to, long seed, int epoch) {
    long[] drawn = new long[to - from];
    for (int i = from; i < to; i++) {
      drawn[i - from] = SeededHash.hash(seed, hashes[rows[i]], epoch, DRAW);
    }
    return drawn;
  }

  private int block(int row) {
    int found = Arrays.binarySearch(starts, row);
    if (found < 0) {
      return -found - 2;
    }
    while (starts[found + 1] == row) { // empty blocks start where the next one does
      found++;
    }
    return found;
  }
}
