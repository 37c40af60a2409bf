package org.graft.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import scala.Tuple2;

/**
 * The rows of a table that a head is fitted to, read once and kept until it is. What the head
 * becomes depends on which rows there are, and not on their order or partitions: each has a key, by
 * which it is dealt to a shard. Rows that are alike in everything are told apart by a number.
 */
public final class LabelledTable implements AutoCloseable {
  /** After a key, below whatever a key may go on with. */
  private static final char AGAIN = '\0';

  private final JavaPairRDD<String, byte[]> rows;
  private final List<JavaRDD<Shard>> kept = new ArrayList<>();

  /**
   * One row.
   *
   * @param key the sample's; empty: the digest of the rest
   * @param labels that it has, or its number as text; null where it has neither
   * @param weight how much it counts
   * @param validation whether it only tells when training ends
   * @param features {@code [width]}; null where it has none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Line(
      String key, List<String> labels, float weight, boolean validation, float[] features) {
    private boolean isWhole() {
      return labels != null && features != null;
    }

    /**
     * {@code validation, weight, labels, features}. A label is its length and its name; of several
     * or none, {@code -1 - n} comes before.
     */
    private byte[] bytes() {
      List<byte[]> names =
          labels.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
      int named = names.stream().mapToInt(name -> Integer.BYTES + name.length).sum();
      ByteBuffer bytes =
          ByteBuffer.allocate(
              Math.addExact(
                  1 + 2 * Integer.BYTES + named, Math.multiplyExact(Float.BYTES, features.length)));
      bytes.put((byte) (validation ? 1 : 0)).putFloat(weight);
      if (names.size() != 1) {
        bytes.putInt(-1 - names.size());
      }
      names.forEach(name -> bytes.putInt(name.length).put(name));
      for (float feature : features) {
        bytes.putFloat(feature);
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static Line of(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      boolean validation = in.get() == 1;
      float weight = in.getFloat();
      int first = in.getInt();
      List<String> labels = new ArrayList<>();
      if (first >= 0) {
        labels.add(name(in, first));
      } else {
        for (int i = 0; i < -1 - first; i++) {
          labels.add(name(in, in.getInt()));
        }
      }
      float[] features = new float[in.remaining() / Float.BYTES];
      in.asFloatBuffer().get(features);
      return new Line("", labels, weight, validation, features);
    }

    private static String name(ByteBuffer in, int length) {
      byte[] name = new byte[length];
      in.get(name);
      return new String(name, StandardCharsets.UTF_8);
    }

    /** A key of its own but for rows that are alike, then the key that deals it. */
    private Tuple2<String, byte[]> keyed() {
      if (!isWhole()) {
        return new Tuple2<>("", new byte[] {(byte) (features == null ? 0 : 1)});
      }
      byte[] bytes = bytes();
      String digest = Digest.of(bytes);
      return new Tuple2<>((key.isEmpty() ? digest : key) + AGAIN + digest, bytes);
    }
  }

  private LabelledTable(JavaPairRDD<String, byte[]> rows) {
    this.rows = rows;
  }

  /**
   * @throws UserError if a row has no features or no label
   */
  public static LabelledTable of(JavaRDD<Line> lines) {
    LabelledTable table =
        new LabelledTable(lines.mapToPair(Line::keyed).persist(StorageLevel.MEMORY_AND_DISK()));
    table.check();
    return table;
  }

  private void check() {
    List<Byte> bad = rows.filter(row -> row._1().isEmpty()).map(row -> row._2()[0]).collect();
    long unlabelled = bad.stream().filter(it -> it == 1).count();
    if (!bad.isEmpty()) {
      close();
      throw new UserError(
          "Cannot fit a head: %d rows have no features and %d no label (of rows that are to be fitted all need both). Leave them out."
              .formatted(bad.size() - unlabelled, unlabelled));
    }
  }

  /** Each once, sorted. */
  public List<String> labels() {
    return rows.flatMap(row -> Line.of(row._2()).labels().iterator()).distinct().collect().stream()
        .sorted()
        .toList();
  }

  /** Partition i is shard i, packed at first use. */
  public JavaRDD<Shard> shards(TrainingPlan plan, boolean validation) {
    List<String> names = new ArrayList<>(plan.labels().names());
    Output output = plan.output();
    int shards = plan.averaging().sharding().shards();
    JavaRDD<Shard> dealt =
        rows.filter(row -> (row._2()[0] == 1) == validation)
            .repartitionAndSortWithinPartitions(new KeyPartitioner(shards, LabelledTable::plain))
            .mapPartitions(sorted -> List.of(shard(sorted, names, output)).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(dealt);
    return dealt;
  }

  private static Shard shard(
      Iterator<Tuple2<String, byte[]>> sorted, List<String> names, Output output) {
    return new Shard(new RowBlocks(new Numbered(sorted, Labels.inOrder(names), output)));
  }

  private static String plain(String key) {
    return key.substring(0, key.lastIndexOf(AGAIN));
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
    rows.unpersist();
  }

  /** Blocks of one row; of rows with the same key, from the second on the key has a number. */
  private static final class Numbered implements Iterator<LabelledBlock> {
    private final Iterator<Tuple2<String, byte[]>> sorted;
    private final Labels labels;
    private final Output output;
    private String last = "";
    private int again;

    Numbered(Iterator<Tuple2<String, byte[]>> sorted, Labels labels, Output output) {
      this.sorted = sorted;
      this.labels = labels;
      this.output = output;
    }

    @Override
    public boolean hasNext() {
      return sorted.hasNext();
    }

    @Override
    public LabelledBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Tuple2<String, byte[]> row = sorted.next();
      String key = plain(row._1());
      again = key.equals(last) ? again + 1 : 0;
      last = key;
      Line line = Line.of(row._2());
      return new LabelledBlock(
          List.of(again == 0 ? key : "%s%c%08d".formatted(key, AGAIN, again)),
          line.features().length,
          labels.size(),
          line.features(),
          output.targets(labels, line.labels()),
          new float[] {line.weight()});
    }
  }
}
