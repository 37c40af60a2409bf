package org.graft.spark;

import static org.apache.spark.sql.functions.col;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.Digest;
import org.graft.sample.Split;

/**
 * A digest of a set of rows: each row's SHA-256 as four numbers, added up. It is the same for any
 * order and partitioning, without bringing ten million rows to one place.
 */
final class RowDigest {
  private long[] sums = new long[4];

  RowDigest add(Digest row) {
    sums = add(sums, words(row));
    return this;
  }

  String hex() {
    return append(new Digest(), sums).hex();
  }

  /**
   * Of labelled samples.
   *
   * @param rows with key and labels, and with their split unless all are of one
   */
  static String of(Dataset<Row> rows, Split... splits) {
    Digest digest = new Digest();
    for (Split split : splits) {
      Dataset<Row> some =
          Arrays.asList(rows.columns()).contains("split")
              ? rows.filter(col("split").equalTo(split.id()))
              : rows;
      long[] sums =
          some.select("key", "labels")
              .toJavaRDD()
              .map(row -> words(row.getString(0), row.getList(1)))
              .fold(new long[4], RowDigest::add);
      append(digest.add(split.id()), sums);
    }
    return digest.hex();
  }

  private static Digest append(Digest digest, long[] sums) {
    for (long sum : sums) {
      digest.add(sum);
    }
    return digest;
  }

  private static long[] words(String key, List<String> labels) {
    Digest digest = new Digest().add(key);
    labels.forEach(digest::add);
    return words(digest);
  }

  private static long[] words(Digest digest) {
    long[] words = new long[4];
    ByteBuffer.wrap(digest.bytes()).asLongBuffer().get(words);
    return words;
  }

  private static long[] add(long[] a, long[] b) {
    long[] sum = new long[4];
    for (int i = 0; i < 4; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
