package org.graft.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.head.TrainingPlan;
import org.graft.sample.Split;

/**
 * The very samples that a head was trained on, kept beside it: {@code key, labels, columns}, where
 * columns are the sample's weight, or nothing. So a later training knows which came and which went.
 */
public final class TrainedSamples {
  private static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("columns", DataTypes.createArrayType(DataTypes.StringType));

  private final Session session;
  private final Workspace workspace;

  public TrainedSamples(Session session, Workspace workspace) {
    this.session = session;
    this.workspace = workspace;
  }

  private String folder(String fingerprint) {
    return workspace.head(fingerprint) + "/samples";
  }

  /** Whether those of a training are kept. */
  public boolean has(String fingerprint) throws IOException {
    return session.storage().exists(folder(fingerprint) + "/_SUCCESS");
  }

  /** Those of a training that was. */
  public Dataset<Row> read(String fingerprint) {
    return Tables.read(session.spark(), SCHEMA, folder(fingerprint));
  }

  /** Those of a training that is to be: that have features. */
  public Dataset<Row> of(Index index, Features features, TrainingPlan plan) throws IOException {
    int weight = SampleWeights.column(index, plan.weightColumn());
    Column columns =
        weight < 0 ? array().cast("array<string>") : array(col("columns").getItem(weight));
    return index
        .samples()
        .filter(col("split").equalTo(Split.TRAIN.id()))
        .select(col("key"), col("labels"), columns.as("columns"))
        .join(features.store().read().select("key").distinct(), "key", "left_semi");
  }

  public void keep(String fingerprint, Dataset<Row> samples) throws IOException {
    session.named("train: keep samples", () -> Tables.write(samples, folder(fingerprint)));
  }

  /** An index of such samples alone, all to train on. */
  public static Index index(Index of, Dataset<Row> samples, TrainingPlan plan) {
    return new Index(
        of.card(),
        samples.withColumn("split", lit(Split.TRAIN.id())),
        of.rejects(),
        true,
        plan.weightColumn().isEmpty() ? List.of() : List.of(plan.weightColumn()));
  }
}
