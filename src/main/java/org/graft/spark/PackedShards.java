package org.graft.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
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
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import scala.Tuple2;

/**
 * Features and labels of one split, read once and packed in the executors' memory (what does not
 * fit there, on their disks). Partition i holds logical shard i, its rows in the order of their
 * keys, so nothing of the files' or the cluster's layout shows.
 */
final class PackedShards implements AutoCloseable {
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
   * @param labelled the same samples as {@code index} or fewer, with the labels of one head each
   * @param stores of the samples, and of their views from number 1: rows whose key ends in {@code
   *     #NUMBER}
   * @param plans of each; the blocks' targets are those of the first, then of the next, ...
   */
  static PackedShards of(
      Session session,
      Index index,
      List<Index> labelled,
      List<FeatureStore> stores,
      Split split,
      List<TrainingPlan> plans)
      throws IOException {
    Sharding deal = plans.get(0).averaging().sharding();
    Dataset<Row> samples = of(index, split);
    int width = stores.get(0).width();
    int classes = plans.stream().mapToInt(plan -> plan.labels().size()).sum();
    JavaPairRDD<String, byte[]> targets = null;
    int from = 0;
    for (int head = 0; head < plans.size(); head++) {
      JavaPairRDD<String, byte[]> one =
          of(labelled.get(head), split)
              .select("key", "labels", "columns")
              .toJavaRDD()
              .mapToPair(new Targets(plans.get(head), index, from));
      targets = targets == null ? one : targets.union(one);
      from += plans.get(head).labels().size();
    }
    JavaRDD<LabelledBlock> rows =
        tagged(targets, stores)
            .repartitionAndSortWithinPartitions(
                new KeyPartitioner(deal.shards(), PackedShards::untagged))
            .mapPartitions(sorted -> new Joined(sorted, width, classes));
    JavaRDD<LabelledBlock> dealt =
        deal.by().isEmpty() ? rows : byColumn(session, index, samples, rows, deal);
    return new PackedShards(
        dealt
            .mapPartitions(sorted -> List.of(new Shard(new RowBlocks(sorted))).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** Targets, and features of each view, by key and tag. */
  private static JavaPairRDD<String, byte[]> tagged(
      JavaPairRDD<String, byte[]> targets, List<FeatureStore> stores) throws IOException {
    JavaPairRDD<String, byte[]> tagged = null;
    for (int view = 0; view < stores.size(); view++) {
      String ending = view == 0 ? "" : VIEW + Integer.toString(view);
      JavaPairRDD<String, byte[]> one =
          targets
              .mapToPair(row -> new Tuple2<>(row._1() + ending + LABELS, row._2()))
              .union(features(stores.get(view), ending));
      tagged = view == 0 ? one : tagged.union(one);
    }
    return tagged;
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

  /** The sample's own key, from one with a tag. */
  private static String untagged(String tagged) {
    return plain(tagged.substring(0, tagged.length() - 1));
  }

  /** The sample's own key. */
  private static String plain(String key) {
    int view = key.indexOf(VIEW);
    return view < 0 ? key : key.substring(0, view);
  }

  private static Dataset<Row> of(Index index, Split split) {
    return index.samples().filter(index.samples().col("split").equalTo(split.id()));
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

  /** {@code key, labels, columns} to the number of the first target, the weight, then targets. */
  private static final class Targets implements PairFunction<Row, String, byte[]> {
    private static final long serialVersionUID = 1L;

    private final List<String> names;
    private final Output output;
    private final String weightColumn;
    private final int weightAt;
    private final int from;
    private transient Labels labels;

    Targets(TrainingPlan plan, Index index, int from) {
      this.names = new ArrayList<>(plan.labels().names());
      this.output = plan.output();
      this.weightColumn = plan.weightColumn();
      this.weightAt = SampleWeights.column(index, weightColumn);
      this.from = from;
    }

    @Override
    public Tuple2<String, byte[]> call(Row row) {
      if (labels == null) {
        labels = Labels.inOrder(names);
      }
      String key = row.getString(0);
      byte[] encoded = bytes(output.targets(labels, row.getList(1)));
      byte[] numbered = new byte[Integer.BYTES + Float.BYTES + encoded.length];
      ByteBuffer.wrap(numbered)
          .putInt(from)
          .putFloat(SampleWeights.weight(key, weightColumn, SampleWeights.text(row, 2, weightAt)))
          .put(encoded);
      return new Tuple2<>(key, numbered);
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
    private float weight;
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
          begin(one._1().substring(0, tag));
          ByteBuffer numbered = ByteBuffer.wrap(one._2());
          int from = numbered.getInt();
          weight = numbered.getFloat();
          FloatBuffer some = numbered.slice().asFloatBuffer();
          some.get(targets, from, some.remaining());
        } else if (key != null && one._1().startsWith(key)) {
          float[] x = floats(one._2());
          float[] weights = {weight};
          next = new LabelledBlock(List.of(key), width, classes, x, targets, weights);
          key = null;
        }
      }
      return next != null;
    }

    /** The targets of a sample may come in parts. */
    private void begin(String other) {
      if (!other.equals(key)) {
        key = other;
        targets = new float[classes];
      }
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
}
