package org.graft.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.head.LabelledBlock;
import org.graft.head.Shard;
import org.graft.head.Sharding;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import scala.Tuple2;

/**
 * Features and labels of one split, read once and packed in the executors' memory (what does not
 * fit there, on their disks). Partition i holds logical shard i, its rows in the order of their
 * keys, so nothing of the files' or the cluster's layout shows.
 */
final class PackedShards implements AutoCloseable {
  private static final int BLOCK = 1024;

  /** Activations are wide: fewer rows then, for blocks of 64 MiB. */
  private static final int MOST_FLOATS = 1 << 24;

  private static final int MOST_VALUES = 100_000;

  /** After a key, so that a sample's labels are sorted before its features. */
  private static final char LABELS = ' ';

  private static final char FEATURES = '!';

  /** Between a sample's key and the number of a view, above the tags. */
  private static final char VIEW = '#';

  private final JavaRDD<Shard> shards;

  private PackedShards(JavaRDD<Shard> shards) {
    this.shards = shards;
  }

  /**
   * Packs at first use.
   *
   * @param stores of the samples, and of their views from number 1: rows whose key ends in {@code
   *     #NUMBER}
   */
  static PackedShards of(
      Session session,
      Index index,
      List<FeatureStore> stores,
      Split split,
      Labels labels,
      Sharding deal)
      throws IOException {
    Dataset<Row> samples = index.samples().filter(index.samples().col("split").equalTo(split.id()));
    int width = stores.get(0).width();
    JavaPairRDD<String, byte[]> labelled =
        samples.select("key", "labels").toJavaRDD().mapToPair(new Targets(labels.names()));
    JavaPairRDD<String, byte[]> tagged = null;
    for (int view = 0; view < stores.size(); view++) {
      String ending = view == 0 ? "" : VIEW + Integer.toString(view);
      JavaPairRDD<String, byte[]> one =
          labelled
              .mapToPair(row -> new Tuple2<>(row._1() + ending + LABELS, row._2()))
              .union(features(stores.get(view), ending));
      tagged = view == 0 ? one : tagged.union(one);
    }
    int classes = labels.size();
    JavaRDD<LabelledBlock> rows =
        tagged
            .repartitionAndSortWithinPartitions(new ByKey(deal.shards()))
            .mapPartitions(sorted -> new Joined(sorted, width, classes));
    JavaRDD<LabelledBlock> dealt =
        deal.by().isEmpty() ? rows : byColumn(session, index, samples, rows, deal);
    return new PackedShards(
        dealt
            .mapPartitions(sorted -> List.of(new Shard(new Blocks(sorted))).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static JavaPairRDD<String, byte[]> features(FeatureStore store, String ending)
      throws IOException {
    return store
        .read()
        .select("key", "features")
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapToPair(
            row ->
                new Tuple2<>(
                    row.getUTF8String(0).toString() + ending + FEATURES,
                    bytes(row.getArray(1).toFloatArray())));
  }

  /** The sample's own key. */
  private static String plain(String key) {
    int view = key.indexOf(VIEW);
    return view < 0 ? key : key.substring(0, view);
  }

  JavaRDD<Shard> shards() {
    return shards;
  }

  @Override
  public void close() {
    shards.unpersist();
  }

  /** All rows of a value in one shard; values are dealt in turn, in their order. */
  private static JavaRDD<LabelledBlock> byColumn(
      Session session,
      Index index,
      Dataset<Row> samples,
      JavaRDD<LabelledBlock> rows,
      Sharding deal)
      throws IOException {
    int column = index.columns().indexOf(deal.by());
    if (column < 0 && !deal.by().equals(Sharding.LABEL)) {
      throw new UserError(
          "Cannot deal samples by '%s': the samples have no such column (they have 'label'%s).%s Correct averaging.shardBy."
              .formatted(
                  deal.by(),
                  index.columns().isEmpty() ? "" : " and " + index.columns(),
                  NearestMatch.hint(deal.by(), index.columns())));
    }
    JavaPairRDD<String, String> values =
        samples
            .select("key", "labels", "columns")
            .toJavaRDD()
            .mapToPair(row -> new Tuple2<>(row.getString(0), value(row, column)));
    List<String> distinct =
        session.asked(
            "train: values of " + deal.by(),
            () -> values.values().distinct().take(MOST_VALUES + 1));
    if (distinct.size() > MOST_VALUES) {
      throw new UserError(
          "Cannot deal samples by '%s': it has more than %d values. Set averaging.shardBy to a column with fewer, or leave it empty."
              .formatted(deal.by(), MOST_VALUES));
    }
    Map<String, Integer> shard = new HashMap<>();
    distinct.stream().sorted().forEach(v -> shard.put(v, shard.size() % deal.shards()));
    return rows.mapToPair(block -> new Tuple2<>(plain(block.key(0)), block))
        .join(values)
        .mapToPair(
            row ->
                new Tuple2<>(
                    "%08x".formatted(shard.get(row._2()._2())) + row._2()._1().key(0),
                    row._2()._1()))
        .repartitionAndSortWithinPartitions(new ByPrefix(deal.shards()))
        .values();
  }

  private static String value(Row row, int column) {
    String value =
        column < 0 ? String.join("|", row.<String>getList(1)) : row.<String>getList(2).get(column);
    return value == null ? "" : value;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length));
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  /** {@code key, labels} to targets. */
  private static final class Targets implements PairFunction<Row, String, byte[]> {
    private static final long serialVersionUID = 1L;

    private final List<String> names;
    private transient Labels labels;

    Targets(List<String> names) {
      this.names = new ArrayList<>(names);
    }

    @Override
    public Tuple2<String, byte[]> call(Row row) {
      if (labels == null) {
        labels = Labels.inOrder(names);
      }
      return new Tuple2<>(row.getString(0), bytes(labels.encode(row.getList(1))));
    }
  }

  /** A key with a tag: by the key. */
  private static final class ByKey extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int shards;

    ByKey(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object tagged) {
      String text = (String) tagged;
      return Sharding.byKey(shards).shard(plain(text.substring(0, text.length() - 1)));
    }
  }

  /** A key behind its shard's number, eight hexadecimal digits. */
  private static final class ByPrefix extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int shards;

    ByPrefix(int shards) {
      this.shards = shards;
    }

    @Override
    public int numPartitions() {
      return shards;
    }

    @Override
    public int getPartition(Object key) {
      return Integer.parseInt(((String) key).substring(0, 8), 16);
    }
  }

  /**
   * Targets and features that have the same key, as blocks of one row; of features that were stored
   * twice, the first. A sample without features was rejected, features without labels belong to
   * another split or were dropped from the source.
   */
  private static final class Joined implements Iterator<LabelledBlock> {
    private final Iterator<Tuple2<String, byte[]>> tagged;
    private final int width;
    private final int classes;
    private String key;
    private float[] targets;
    private LabelledBlock next;

    Joined(Iterator<Tuple2<String, byte[]>> tagged, int width, int classes) {
      this.tagged = tagged;
      this.width = width;
      this.classes = classes;
    }

    @Override
    public boolean hasNext() {
      while (next == null && tagged.hasNext()) {
        Tuple2<String, byte[]> one = tagged.next();
        int tag = one._1().length() - 1;
        if (one._1().charAt(tag) == LABELS) {
          key = one._1().substring(0, tag);
          targets = floats(one._2());
        } else if (key != null && one._1().startsWith(key)) {
          next = new LabelledBlock(List.of(key), width, classes, floats(one._2()), targets);
          key = null;
        }
      }
      return next != null;
    }

    @Override
    public LabelledBlock next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      LabelledBlock given = next;
      next = null;
      return given;
    }
  }

  /** Rows, in their order, in blocks. */
  private static final class Blocks implements Iterator<LabelledBlock> {
    private final Iterator<LabelledBlock> rows;

    Blocks(Iterator<LabelledBlock> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public LabelledBlock next() {
      List<LabelledBlock> block = new ArrayList<>(List.of(rows.next()));
      int most = Math.max(1, Math.min(BLOCK, MOST_FLOATS / Math.max(1, block.get(0).width())));
      while (block.size() < most && rows.hasNext()) {
        block.add(rows.next());
      }
      return LabelledBlock.joined(block).orElseThrow(NoSuchElementException::new);
    }
  }
}
