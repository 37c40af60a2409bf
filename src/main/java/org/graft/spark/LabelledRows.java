package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.head.LabelledBlock;
import org.graft.sample.Labels;
import org.graft.sample.Split;
import scala.Tuple2;

/** Stored features joined with an index's labels, dealt to logical workers in the order of keys. */
final class LabelledRows {
  private static final int BLOCK = 1024;

  private LabelledRows() {}

  /** {@code key, path, labels, features} of a split's samples; each key once. */
  static Dataset<Row> of(Index index, FeatureStore store, Split split) throws IOException {
    return index
        .samples()
        .filter(index.samples().col("split").equalTo(split.id()))
        .select("key", "path", "labels")
        .join(store.read().dropDuplicates("key"), "key");
  }

  /**
   * @param dealer deals keys to logical workers
   */
  static JavaRDD<LabelledBlock> blocks(
      Dataset<Row> rows, Labels labels, int width, Partitioner dealer) {
    List<String> names = new ArrayList<>(labels.names());
    JavaPairRDD<String, Row> byKey =
        rows.toJavaRDD().mapToPair(row -> new Tuple2<>(row.<String>getAs("key"), row));
    return byKey
        .repartitionAndSortWithinPartitions(dealer)
        .values()
        .mapPartitions(new Blocks(names, width));
  }

  /** Packs rows, in their order, into blocks. */
  private static final class Blocks implements FlatMapFunction<Iterator<Row>, LabelledBlock> {
    private static final long serialVersionUID = 1L;

    private final List<String> names;
    private final int width;

    Blocks(List<String> names, int width) {
      this.names = names;
      this.width = width;
    }

    @Override
    public Iterator<LabelledBlock> call(Iterator<Row> rows) {
      Labels labels = Labels.inOrder(names);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public LabelledBlock next() {
          return block(rows, labels);
        }
      };
    }

    private LabelledBlock block(Iterator<Row> rows, Labels labels) {
      List<String> keys = new ArrayList<>();
      float[] features = new float[BLOCK * width];
      float[] targets = new float[BLOCK * labels.size()];
      while (keys.size() < BLOCK && rows.hasNext()) {
        Row row = rows.next();
        int at = keys.size();
        System.arraycopy(features(row), 0, features, at * width, width);
        float[] target = labels.encode(row.getList(row.fieldIndex("labels")));
        System.arraycopy(target, 0, targets, at * target.length, target.length);
        keys.add(row.getAs("key"));
      }
      return new LabelledBlock(
          keys,
          width,
          labels.size(),
          Arrays.copyOf(features, keys.size() * width),
          Arrays.copyOf(targets, keys.size() * labels.size()));
    }
  }

  /** The row's feature vector, unboxed. */
  static float[] features(Row row) {
    return floats(row, "features");
  }

  static float[] floats(Row row, String column) {
    List<Float> boxed = row.getList(row.fieldIndex(column));
    float[] values = new float[boxed.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = boxed.get(i);
    }
    return values;
  }
}
