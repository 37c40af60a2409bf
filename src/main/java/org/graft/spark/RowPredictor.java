package org.graft.spark;

import java.io.IOException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.BackboneLoader;
import org.graft.feature.ExtractionThreads;
import org.graft.feature.FeatureExtractor;
import org.graft.head.HeadBytes;
import org.graft.head.TrainedHead;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.SampleLimits;
import org.graft.score.Prediction;
import org.graft.score.Scorer;

/**
 * A published model as a function of one sample: bytes or text. What cannot be read has a reason,
 * and nothing else.
 */
public final class RowPredictor implements UDF1<Object, Row> {
  private static final long serialVersionUID = 1L;
  private static final int TOP = 5;

  /** {@code label, confidence, top, value, reason}. */
  public static final StructType SCHEMA =
      new StructType()
          .add("label", DataTypes.StringType)
          .add("confidence", DataTypes.FloatType)
          .add("top", DataTypes.createArrayType(Scoring.TOP, false))
          .add("value", DataTypes.FloatType)
          .add("reason", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final BackboneRef ref;
  private final BackboneLoader loader;
  private final boolean texts;
  private final Broadcast<byte[]> head;
  private final SampleLimits limits;
  private final long maxBytes;
  private transient ExtractionThreads threads;
  private transient CellSample cells;
  private transient Scorer scorer;

  public RowPredictor(
      Session session,
      BackboneChoice backbone,
      TrainedHead head,
      SampleLimits limits,
      long maxBytes)
      throws IOException {
    this.conf = session.conf();
    this.ref = backbone.ship(session);
    this.loader = backbone.loader();
    this.texts = backbone.spec().card().text() != null;
    this.head = session.context().broadcast(HeadBytes.of(head));
    this.limits = limits;
    this.maxBytes = maxBytes;
  }

  @Override
  public Row call(Object cell) {
    if (TaskContext.get() == null) { // Spark computes what it has at hand on the driver
      try (ExtractionThreads own = new ExtractionThreads(1, 1)) {
        return predict(cell, own);
      }
    }
    if (threads == null) {
      threads = ExecutorCache.threads(1, loader);
    }
    return predict(cell, threads);
  }

  private Row predict(Object cell, ExtractionThreads by) {
    if (cells == null) {
      cells = new CellSample(reader(), texts, maxBytes);
      scorer = new Scorer(HeadBytes.head(head.value()), TOP);
    }
    FeatureExtractor extractor =
        new FeatureExtractor(
            ExecutorCache.backbone(ref, loader),
            ref.frontEnd(limits),
            by,
            ExecutorCache.meters()::extracted);
    return row(scorer.score(List.of(cells.of(cell)).iterator(), extractor::extract).next());
  }

  private SampleReader reader() {
    return new SampleReader(new HadoopStorage(conf.value().value()));
  }

  private static Row row(Outcome<Prediction> outcome) {
    if (outcome instanceof Outcome.Rejected<Prediction> no) {
      Rejection it = no.rejection();
      return RowFactory.create(null, null, null, null, it.reason() + ": " + it.detail());
    }
    Prediction prediction = ((Outcome.Ok<Prediction>) outcome).value();
    if (prediction instanceof Prediction.Value number) {
      return RowFactory.create(null, null, null, number.value(), null);
    }
    Prediction.Classes it = (Prediction.Classes) prediction;
    Row[] top =
        it.top().stream()
            .map(ranked -> RowFactory.create(ranked.label(), ranked.probability()))
            .toArray(Row[]::new);
    return RowFactory.create(it.label(), it.probability(), top, null, null);
  }
}
