package org.graft.spark;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.BackboneLoader;
import org.graft.common.UserError;
import org.graft.feature.FeatureExtractor;
import org.graft.feature.FeatureVector;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.Sample;
import org.graft.sample.SampleLimits;
import org.graft.spark.FeatureColumns.Cell;
import org.graft.spark.FeatureColumns.Invalid;

/** One task of {@link FeatureColumns}: rows, in their order, get the features of their samples. */
final class FeatureRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> conf;
  private final BackboneRef ref;
  private final BackboneLoader loader;
  private final int at;
  private final boolean texts;
  private final boolean keyed;
  private final boolean reasoned;
  private final Invalid invalid;
  private final Cell cell;
  private final int readers;
  private final SampleLimits limits;
  private final long maxBytes;
  private final LongAccumulator done;

  /**
   * @param at the input's place in a row
   * @param texts whether text in that column is a sample, and no path
   */
  FeatureRows(
      Session session,
      BackboneRef ref,
      BackboneLoader loader,
      int at,
      boolean texts,
      FeatureColumns columns) {
    this.conf = session.conf();
    this.ref = ref;
    this.loader = loader;
    this.at = at;
    this.texts = texts;
    this.keyed = !columns.key().isEmpty();
    this.reasoned = !columns.reason().isEmpty();
    this.invalid = columns.invalid();
    this.cell = columns.cell();
    this.readers = columns.readers();
    this.limits = columns.limits();
    this.maxBytes = columns.maxBytes();
    this.done = columns.done();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    CellSample cells =
        new CellSample(
            SampleReader.ofTask(new HadoopStorage(conf.value().value())), texts, maxBytes);
    FeatureExtractor extractor =
        new FeatureExtractor(
            ExecutorCache.backbone(ref, loader),
            ref.frontEnd(limits),
            ExecutorCache.threads(readers, loader),
            ExecutorCache.meters()::extracted);
    Queue<Row> waiting = new ArrayDeque<>();
    Iterator<Sample> samples =
        Iterators.map(
            rows,
            row -> {
              waiting.add(row);
              return cells.of(row.get(at));
            });
    return new Used(extractor.extract(samples), waiting);
  }

  /** Rows with their outcomes; those to be skipped are not among them. */
  private final class Used implements Iterator<Row> {
    private final Iterator<Outcome<FeatureVector>> outcomes;
    private final Queue<Row> waiting;
    private Row next;

    Used(Iterator<Outcome<FeatureVector>> outcomes, Queue<Row> waiting) {
      this.outcomes = outcomes;
      this.waiting = waiting;
    }

    @Override
    public boolean hasNext() {
      while (next == null && outcomes.hasNext()) {
        Outcome<FeatureVector> outcome = outcomes.next();
        next = used(waiting.remove(), outcome);
        if (done != null) {
          done.add(1);
        }
      }
      return next != null;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row given = next;
      next = null;
      return given;
    }
  }

  /** Null where it is to be left out. */
  private Row used(Row row, Outcome<FeatureVector> outcome) {
    if (outcome instanceof Outcome.Ok<FeatureVector> ok) {
      return wider(row, cell.of(ok.value().values()), ok.value().key(), null);
    }
    Rejection no = ((Outcome.Rejected<FeatureVector>) outcome).rejection();
    return switch (invalid) {
      case ERROR -> throw refused(no);
      case SKIP -> null;
      case KEEP -> wider(row, null, null, no.reason() + ": " + no.detail());
    };
  }

  private static UserError refused(Rejection no) {
    return new UserError(
        "Cannot extract features%s: %s, %s. Mend it, or set handleInvalid to skip or keep."
            .formatted(no.path().isEmpty() ? "" : " of " + no.path(), no.reason(), no.detail()));
  }

  private Row wider(Row row, Object features, String key, String reason) {
    Object[] values = new Object[row.size() + 1 + (keyed ? 1 : 0) + (reasoned ? 1 : 0)];
    int last = row.size();
    for (int i = 0; i < last; i++) {
      values[i] = row.get(i);
    }
    values[last++] = features;
    if (keyed) {
      values[last++] = key;
    }
    if (reasoned) {
      values[last] = reason;
    }
    return RowFactory.create(values);
  }
}
