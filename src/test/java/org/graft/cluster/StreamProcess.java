package org.graft.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.graft.ml.GraftExtensions;

/** A driver that scores a stream of pictures into files, to be killed. */
public final class StreamProcess {
  static final int FILES_A_BATCH = 4;

  private StreamProcess() {}

  /**
   * @param arguments pictures, model, folder for {@code scored} and {@code checkpoint}, and the end
   *     of the path at which the task is to stop for ever; a file {@code held} says that it has
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[2]);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.extensions", GraftExtensions.class.getName())
            .getOrCreate()) {
      Dataset<Row> pictures =
          spark
              .readStream()
              .format("binaryFile")
              .schema(spark.read().format("binaryFile").load(arguments[0]).schema())
              .option("recursiveFileLookup", true)
              .option("maxFilesPerTrigger", FILES_A_BATCH)
              .load(arguments[0]);
      Hold hold = new Hold(arguments[3], folder.resolve("held").toString());
      pictures
          .withColumn(
              "path", udf(hold, DataTypes.StringType).asNondeterministic().apply(col("path")))
          .selectExpr("path", "graft_predict('%s', content) as p".formatted(arguments[1]))
          .selectExpr("path", "p.*")
          .writeStream()
          .format("parquet")
          .option("checkpointLocation", folder.resolve("checkpoint").toString())
          .trigger(Trigger.AvailableNow())
          .start(folder.resolve("scored").toString())
          .awaitTermination();
    }
  }

  /** Lets paths through, but for one. */
  private record Hold(String end, String held) implements UDF1<String, String> {
    @Override
    public String call(String path) throws IOException, InterruptedException {
      if (!end.isEmpty() && path.endsWith(end)) {
        Files.writeString(Path.of(held), path);
        new CountDownLatch(1).await();
      }
      return path;
    }
  }
}
