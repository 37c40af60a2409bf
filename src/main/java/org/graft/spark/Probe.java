package org.graft.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.graft.common.Cosine;
import org.graft.sample.DatasetCard;
import org.graft.sample.Split;

/** A small part of the training samples as an index of its own, to compare two networks on. */
public final class Probe {
  private Probe() {}

  /**
   * The training samples with the smallest keys after {@code skip} others, half for training, half
   * for the test. Keys are digests, so this is a random part, the same each time.
   *
   * @param skip samples that were used for something else, passed over where enough remain
   */
  public static Index index(Index index, int skip, int samples) {
    Dataset<Row> train = index.samples().filter(col("split").equalTo(Split.TRAIN.id()));
    long all = index.card().count(Split.TRAIN);
    long passed = Math.max(0, Math.min(skip, all - samples));
    Dataset<Row> part =
        train
            .orderBy("key")
            .limit((int) Math.min(all, passed + samples))
            .orderBy(col("key").desc())
            .limit((int) Math.min(all, samples));
    // The 33rd digit, since the first ones are near zero for the smallest keys.
    Dataset<Row> split =
        part.withColumn(
            "split",
            when(col("key").substr(33, 1).between("0", "7"), lit(Split.TRAIN.id()))
                .otherwise(lit(Split.TEST.id())));
    return new Index(
        card(index.card(), Math.min(all, samples)), split, index.rejects(), true, index.columns());
  }

  static DatasetCard card(DatasetCard whole, long samples) {
    return new DatasetCard(
        DatasetCard.FORMAT,
        whole.fingerprint(),
        samples,
        samples,
        0,
        0,
        0,
        0,
        List.of(),
        0,
        whole.labels(),
        Map.of(),
        whole.digest());
  }

  /** How alike two features of a sample are. */
  public record Cosines(long samples, double mean, double least) {}

  /** Over all samples of the probe that both stores have. */
  public static Cosines cosines(Index probe, Features one, Features other) throws IOException {
    Dataset<Row> pairs =
        probe
            .samples()
            .select("key")
            .join(named(one, "one"), "key")
            .join(named(other, "other"), "key");
    Row row =
        pairs
            .select("one", "other")
            .mapPartitions(new EachCosine(), Encoders.DOUBLE())
            .toDF("cosine")
            .selectExpr("count(cosine)", "avg(cosine)", "min(cosine)")
            .first();
    return new Cosines(row.getLong(0), row.getDouble(1), row.getDouble(2));
  }

  private static Dataset<Row> named(Features features, String name) throws IOException {
    return features
        .store()
        .read()
        .dropDuplicates("key")
        .withColumnRenamed("features", name)
        .select("key", name);
  }

  private static final class EachCosine implements MapPartitionsFunction<Row, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Double> call(Iterator<Row> pairs) {
      return Iterators.map(
          pairs,
          row -> Cosine.of(LabelledRows.floats(row, "one"), LabelledRows.floats(row, "other")));
    }
  }
}
