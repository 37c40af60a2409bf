package org.graft.spark;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.head.Shard;
import org.graft.head.TrainingPlan;
import org.graft.inspect.FarOut;
import org.graft.inspect.Hyperplanes;
import org.graft.inspect.InspectOptions;
import org.graft.inspect.SampleFindings;
import org.graft.inspect.SampleFindings.Place;
import org.graft.sample.Split;

/** What is wrong with samples, by their stored features: tables of all, and the worst by name. */
public final class DataDoctor {
  private static final StructType LABELS =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("given", DataTypes.IntegerType)
          .add("suggestedNumber", DataTypes.IntegerType)
          .add("probability", DataTypes.DoubleType)
          .add("suggestedProbability", DataTypes.DoubleType)
          .add("doubtful", DataTypes.BooleanType);

  private static final StructType DISTANCES =
      new StructType().add("key", DataTypes.StringType).add("distance", DataTypes.DoubleType);

  /** Whoever does the arithmetic, for the shards that it was given. */
  public interface Look extends AutoCloseable {
    long rows();

    /** Of all features, {@code [width]}. */
    double[] mean();

    /** Each label by a head that has not seen it; empty without two labels. */
    Optional<Labelled> labels();

    /** {@code key, distance} from the nearest others, 0 to 2. */
    JavaRDD<Row> distances();

    @Override
    void close();
  }

  /**
   * @param rows {@code key, given, suggested, probability, suggestedProbability, doubtful}, labels
   *     by their numbers
   * @param accuracy share of the labels that are the most probable ones
   */
  public record Labelled(JavaRDD<Row> rows, double accuracy) {}

  private final Session session;
  private final Function<JavaRDD<Shard>, Look> look;
  private final InspectOptions options;
  private final String folder;

  /**
   * @param folder for the tables {@code samples} and {@code pairs}
   */
  public DataDoctor(
      Session session, Function<JavaRDD<Shard>, Look> look, InspectOptions options, String folder) {
    this.session = session;
    this.look = look;
    this.options = options;
    this.folder = folder;
  }

  /**
   * All samples that have features, of all splits together.
   *
   * @param plan for the labels and how samples are dealt to shards
   * @param one whether a sample has one label
   */
  public SampleFindings of(Index index, Features features, TrainingPlan plan, boolean one)
      throws IOException {
    Index all =
        new Index(
            index.card(),
            index.samples().withColumn("split", lit(Split.TRAIN.id())),
            index.rejects(),
            index.reused(),
            index.columns());
    try (PackedShards shards =
            PackedShards.of(
                session, all, List.of(all), List.of(features.store()), Split.TRAIN, List.of(plan));
        Look at = look.apply(shards.shards())) {
      Optional<Labelled> labelled = one ? at.labels() : Optional.empty();
      Dataset<Row> table = samples(index, at, labelled, plan.labels().names());
      return new SampleFindings(
          at.rows(),
          labelled.map(found -> labels(table, found.accuracy())).orElse(null),
          outliers(table),
          duplicates(index, features, at),
          index.card().duplicates(),
          index.card().conflicts());
    }
  }

  private Dataset<Row> places(Index index) {
    return index
        .samples()
        .select(col("key"), col("path"), col("split"), array_join(col("labels"), "|").as("label"));
  }

  private Dataset<Row> samples(
      Index index, Look at, Optional<Labelled> labelled, List<String> names) throws IOException {
    JavaRDD<Row> found =
        labelled.map(Labelled::rows).orElseGet(() -> session.context().<Row>emptyRDD());
    Column suggested =
        element_at(lit(names.toArray(String[]::new)), col("suggestedNumber").plus(1));
    Dataset<Row> labels =
        session
            .spark()
            .createDataFrame(found, LABELS)
            .withColumn("suggested", suggested)
            .drop("given", "suggestedNumber");
    Dataset<Row> distances = session.spark().createDataFrame(at.distances(), DISTANCES);
    String path = folder + "/samples";
    session.named(
        "data doctor: samples",
        () ->
            Tables.write(
                places(index).join(distances, "key").join(labels, new String[] {"key"}, "left"),
                path));
    return Tables.read(session.spark(), path);
  }

  private SampleFindings.Labels labels(Dataset<Row> table, double accuracy) {
    Dataset<Row> other = table.filter(col("suggestedProbability").gt(col("probability")));
    return new SampleFindings.Labels(
        table.filter("doubtful").count(),
        accuracy,
        other.orderBy("probability", "key").limit(options.most()).collectAsList().stream()
            .map(
                row ->
                    new SampleFindings.Suspect(
                        place(row, ""),
                        row.getAs("probability"),
                        row.getAs("suggested"),
                        row.getAs("suggestedProbability")))
            .toList());
  }

  private SampleFindings.Outliers outliers(Dataset<Row> table) {
    Map<Integer, Long> bins = new HashMap<>();
    Dataset<Row> known = table.filter(not(isnan(col("distance"))));
    known
        .select("distance")
        .map((MapFunction<Row, Integer>) row -> FarOut.bin(row.getDouble(0)), Encoders.INT())
        .groupBy("value")
        .count()
        .collectAsList()
        .forEach(row -> bins.put(row.getInt(0), row.getLong(1)));
    double bound = FarOut.bound(bins);
    Dataset<Row> far = known.filter(col("distance").gt(bound));
    return new SampleFindings.Outliers(
        far.count(),
        bound,
        far
            .orderBy(col("distance").desc(), col("key"))
            .limit(options.most())
            .collectAsList()
            .stream()
            .map(row -> new SampleFindings.Outlier(place(row, ""), row.getAs("distance")))
            .toList());
  }

  private SampleFindings.Duplicates duplicates(Index index, Features features, Look at)
      throws IOException {
    Dataset<Row> own =
        features
            .store()
            .read()
            .dropDuplicates("key")
            .join(index.samples().select("key"), new String[] {"key"}, "left_semi");
    Broadcast<Hyperplanes> planes = session.context().broadcast(new Hyperplanes(at.mean()));
    String path = folder + "/pairs";
    Dataset<Row> places = places(index);
    try {
      session.named(
          "data doctor: near duplicates",
          () ->
              Tables.write(
                  NearDuplicates.of(own, planes, at.rows(), options.cosine())
                      .join(places, "key")
                      .join(others(places), "other"),
                  path));
    } finally {
      planes.destroy();
    }
    return duplicates(Tables.read(session.spark(), path));
  }

  private static Dataset<Row> others(Dataset<Row> places) {
    return places.select(
        col("key").as("other"),
        col("path").as("otherPath"),
        col("split").as("otherSplit"),
        col("label").as("otherLabel"));
  }

  /** Validation samples decide when a training stops, so they are not to be learnt from either. */
  private SampleFindings.Duplicates duplicates(Dataset<Row> pairs) {
    Column across = col("split").notEqual(col("otherSplit"));
    Column leak =
        across.and(
            col("split").equalTo(Split.TRAIN.id()).or(col("otherSplit").equalTo(Split.TRAIN.id())));
    Column relabelled = coalesce(col("label").notEqual(col("otherLabel")), lit(false));
    Row counts = pairs.agg(count(lit(1)), count(when(leak, 1)), count(when(relabelled, 1))).first();
    return new SampleFindings.Duplicates(
        counts.getLong(0),
        counts.getLong(1),
        counts.getLong(2),
        options.cosine(),
        pairs
            .orderBy(leak.desc(), col("cosine").desc(), col("key"), col("other"))
            .limit(options.most())
            .collectAsList()
            .stream()
            .map(
                row ->
                    new SampleFindings.Pair(
                        place(row, ""), place(row, "other"), row.getAs("cosine")))
            .toList());
  }

  private static Place place(Row row, String prefix) {
    return prefix.isEmpty()
        ? new Place(row.getAs("key"), row.getAs("path"), row.getAs("split"), row.getAs("label"))
        : new Place(
            row.getAs("other"),
            row.getAs("otherPath"),
            row.getAs("otherSplit"),
            row.getAs("otherLabel"));
  }
}
