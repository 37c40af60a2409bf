package org.graft.spark;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.inspect.Buckets;
import org.graft.inspect.Hyperplanes;
import org.graft.inspect.NearCandidates;

/**
 * Pairs of samples that are nearly the same: those whose signatures meet are held against each
 * other by their features. Signatures, not features, are shuffled; features of candidates alone are
 * looked at again.
 */
final class NearDuplicates {
  static final StructType PAIRS =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("other", DataTypes.StringType)
          .add("cosine", DataTypes.DoubleType);

  private static final StructType MET =
      new StructType().add("key", DataTypes.StringType).add("other", DataTypes.StringType);

  private static final StructType SIGNED =
      new StructType()
          .add("bucket", DataTypes.LongType)
          .add("turned", DataTypes.LongType)
          .add("key", DataTypes.StringType)
          .add("signature", DataTypes.createArrayType(DataTypes.LongType, false));

  private NearDuplicates() {}

  /**
   * @param features {@code key, features}, each key once
   * @param samples how many there are
   * @param cosine from which on two samples are nearly the same
   * @return {@link #PAIRS}, the smaller key first
   */
  static Dataset<Row> of(
      Dataset<Row> features, Broadcast<Hyperplanes> planes, long samples, double cosine) {
    Buckets buckets = new Buckets(samples, cosine);
    Dataset<Row> met =
        features
            .flatMap(
                (FlatMapFunction<Row, Row>) row -> signed(row, planes.value(), buckets),
                Encoders.row(SIGNED))
            .repartition(col("bucket"))
            .sortWithinPartitions("bucket", "turned", "key")
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> met(buckets, rows), Encoders.row(MET))
            .distinct();
    return met.join(features, "key")
        .join(features.select(col("key").as("other"), col("features").as("otherFeatures")), "other")
        .map((MapFunction<Row, Row>) row -> compared(row, planes.value()), Encoders.row(PAIRS))
        .filter((FilterFunction<Row>) row -> row.getDouble(2) >= cosine);
  }

  private static Iterator<Row> signed(Row row, Hyperplanes planes, Buckets buckets) {
    long[] signature = planes.signature(LabelledRows.features(row), 0);
    List<Row> signed = new ArrayList<>();
    for (int table = 0; table < Buckets.TABLES; table++) {
      signed.add(
          RowFactory.create(
              buckets.bucket(signature, table),
              buckets.turned(signature, table),
              row.getAs("key"),
              signature));
    }
    return signed.iterator();
  }

  private static Iterator<Row> met(Buckets buckets, Iterator<Row> rows) {
    return Iterators.map(
        new NearCandidates(buckets, Iterators.map(rows, NearDuplicates::entry)),
        pair -> RowFactory.create(pair.first(), pair.second()));
  }

  private static NearCandidates.Entry entry(Row row) {
    List<Long> words = row.getList(3);
    long[] signature = words.stream().mapToLong(word -> word).toArray();
    return new NearCandidates.Entry(row.getLong(0), signature, row.getString(2));
  }

  private static Row compared(Row row, Hyperplanes planes) {
    double cosine =
        planes.cosine(
            LabelledRows.floats(row, "features"), LabelledRows.floats(row, "otherFeatures"));
    return RowFactory.create(row.getAs("key"), row.getAs("other"), cosine);
  }
}
