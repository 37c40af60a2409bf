package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.sample.SampleSource;

/** Gives indexed samples their bytes again. */
final class Contents {
  private final Session session;

  Contents(Session session) {
    this.session = session;
  }

  /**
   * Adds {@code content}: the bytes for tables that hold them, else null, and {@code path} is read
   * where it is decoded.
   */
  Dataset<Row> of(Dataset<Row> samples, SampleSource source) throws IOException {
    if (source instanceof SampleSource.Table table && !table.contentColumn().isEmpty()) {
      Dataset<Row> contents =
          SourceRows.unlabelled(session.spark(), session.storage())
              .of(source)
              .select("content")
              .withColumn("key", sha2(col("content"), 256))
              .dropDuplicates("key");
      return samples.join(contents, "key");
    }
    return samples.withColumn("content", lit(null).cast("binary"));
  }
}
