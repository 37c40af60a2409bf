package org.graft.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.BackboneLoader;
import org.graft.evaluate.ProfileState;
import org.graft.feature.FeatureExtractor;
import org.graft.feature.FeatureVector;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.sample.Labels;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.Sample;
import org.graft.sample.SampleLimits;
import org.graft.score.Prediction;
import org.graft.score.Scorer;

/** One task of scoring: source rows become predictions, or rejections, in one kind of row. */
final class Scoring implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  static final StructType TOP =
      new StructType()
          .add("label", DataTypes.StringType, false)
          .add("probability", DataTypes.FloatType, false);

  /**
   * Predictions have no reason; rejections have nothing but id, key, reason and detail; and where a
   * profile is wanted the last row of a task has nothing but that of its samples.
   */
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("probability", DataTypes.FloatType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType, false))
          .add("top", DataTypes.createArrayType(TOP, false))
          .add("value", DataTypes.FloatType)
          .add("reason", DataTypes.StringType)
          .add("detail", DataTypes.StringType)
          .add("profile", DataTypes.BinaryType);

  private final Broadcast<SerializableConfiguration> conf;
  private final BackboneRef ref;
  private final BackboneLoader loader;
  private final Broadcast<byte[]> head;
  private final int topK;
  private final int readers;
  private final SampleLimits limits;
  private final long maxBytes;
  private final LongAccumulator done;
  private final boolean profiled;

  Scoring(
      Session session,
      BackboneRef ref,
      BackboneLoader loader,
      Broadcast<byte[]> head,
      ScoreOptions options,
      LongAccumulator done,
      boolean profiled) {
    this.conf = session.conf();
    this.ref = ref;
    this.loader = loader;
    this.head = head;
    this.topK = options.topK();
    this.readers = options.readers();
    this.limits = options.limits();
    this.maxBytes = options.maxBytes();
    this.done = done;
    this.profiled = profiled;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    SampleReader reader = SampleReader.ofTask(new HadoopStorage(conf.value().value()));
    FeatureExtractor extractor =
        new FeatureExtractor(
            ExecutorCache.backbone(ref, loader),
            ref.frontEnd(limits),
            ExecutorCache.threads(readers, loader),
            ExecutorCache.meters()::extracted);
    TrainedHead trained = HeadBytes.head(head.value());
    ProfileState state = profiled ? Profiling.empty(trained) : null;
    Iterator<Outcome<Prediction>> predictions =
        new Scorer(trained, topK)
            .score(
                Iterators.map(rows, row -> sample(reader, SourceRow.of(row))),
                samples -> Iterators.map(extractor.extract(samples), it -> seen(it, state)));
    Iterator<Row> scored =
        Iterators.map(predictions, outcome -> row(given(outcome, trained.labels(), state)));
    return state == null ? scored : withLast(scored, state);
  }

  private static Outcome<FeatureVector> seen(Outcome<FeatureVector> outcome, ProfileState state) {
    if (state != null && outcome instanceof Outcome.Ok<FeatureVector> ok) {
      state.addFeatures(ok.value().values());
    }
    return outcome;
  }

  private static Outcome<Prediction> given(
      Outcome<Prediction> outcome, Labels labels, ProfileState state) {
    if (state != null
        && outcome instanceof Outcome.Ok<Prediction> ok
        && ok.value() instanceof Prediction.Classes p) {
      state.addPrediction(labels.index(p.label()).orElseThrow(), p.probability());
    }
    return outcome;
  }

  private static Iterator<Row> withLast(Iterator<Row> rows, ProfileState state) {
    return new Iterator<>() {
      private boolean ended;

      @Override
      public boolean hasNext() {
        return rows.hasNext() || !ended;
      }

      @Override
      public Row next() {
        if (rows.hasNext()) {
          return rows.next();
        }
        if (ended) {
          throw new NoSuchElementException();
        }
        ended = true;
        return RowFactory.create(
            null, null, null, null, null, null, null, null, null, state.toBytes());
      }
    };
  }

  private Sample sample(SampleReader reader, SourceRow row) {
    return new Sample("", row.path(), () -> reader.read(row, maxBytes));
  }

  private Row row(Outcome<Prediction> outcome) {
    done.add(1);
    if (outcome instanceof Outcome.Ok<Prediction> ok) {
      return row(ok.value());
    }
    Rejection r = ((Outcome.Rejected<Prediction>) outcome).rejection();
    return RowFactory.create(
        r.path(), r.key(), null, null, null, null, null, r.reason().name(), r.detail(), null);
  }

  private static Row row(Prediction prediction) {
    String id = prediction.path().isEmpty() ? prediction.key() : prediction.path();
    if (prediction instanceof Prediction.Value v) {
      return RowFactory.create(id, v.key(), null, null, null, null, v.value(), null, null, null);
    }
    Prediction.Classes p = (Prediction.Classes) prediction;
    Row[] top =
        p.top().stream()
            .map(ranked -> RowFactory.create(ranked.label(), ranked.probability()))
            .toArray(Row[]::new);
    return RowFactory.create(
        id,
        p.key(),
        p.label(),
        p.probability(),
        p.labels().toArray(new String[0]),
        top,
        null,
        null,
        null,
        null);
  }
}
