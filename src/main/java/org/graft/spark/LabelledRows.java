package org.graft.spark;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.sample.Split;

/** Stored features joined with an index's labels. */
final class LabelledRows {
  private LabelledRows() {}

  /** {@code key, path, labels, features} of a split's samples; each key once. */
  static Dataset<Row> of(Index index, FeatureStore store, Split split) throws IOException {
    return index
        .samples()
        .filter(index.samples().col("split").equalTo(split.id()))
        .select("key", "path", "labels")
        .join(store.read().dropDuplicates("key"), "key");
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
