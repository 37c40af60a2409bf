package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneLoader;
import org.graft.common.Storage;
import org.graft.feature.BatchReport;
import org.graft.feature.ExtractionThreads;
import org.graft.feature.FeatureExtractor;
import org.graft.feature.FeatureVector;
import org.graft.image.View;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.Sample;
import org.graft.sample.SampleLimits;

/**
 * One task of step 2: the samples of a shard become a part of the feature store, and the rejected
 * ones come back as rows.
 */
final class Extraction implements Function2<Integer, Iterator<Row>, Iterator<Row>> {
  private static final long serialVersionUID = 1L;

  static final StructType REJECTED =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("path", DataTypes.StringType)
          .add("reason", DataTypes.StringType)
          .add("detail", DataTypes.StringType);

  private final Broadcast<SerializableConfiguration> conf;
  private final BackboneRef ref;
  private final BackboneLoader loader;
  private final String folder;
  private final String extraction;
  private final int readers;
  private final SampleLimits limits;
  private final boolean inRows;
  private final ExtractionCounts counts;
  private final View view;

  /**
   * @param folder of the feature store
   * @param extraction names this extraction among all that ever write to the store
   * @param view of each picture; null: itself
   * @param inRows whether the bytes come with the rows: then only a few rows are in memory at once
   */
  Extraction(
      Session session,
      BackboneRef ref,
      BackboneLoader loader,
      String folder,
      String extraction,
      ExtractOptions options,
      View view,
      boolean inRows,
      ExtractionCounts counts) {
    this.conf = session.conf();
    this.ref = ref;
    this.loader = loader;
    this.folder = folder;
    this.extraction = extraction;
    this.readers = options.readers();
    this.limits = options.limits();
    this.view = view;
    this.inRows = inRows;
    this.counts = counts;
  }

  @Override
  public Iterator<Row> call(Integer shard, Iterator<Row> rows) throws IOException {
    Iterator<Row> pending = inRows ? rows : inOrder(rows);
    if (!pending.hasNext()) {
      return pending;
    }
    Storage storage = new HadoopStorage(conf.value().value());
    SampleReader reader = SampleReader.ofTask(storage);
    Backbone backbone = ExecutorCache.backbone(ref, loader);
    ExtractionThreads threads = ExecutorCache.threads(readers, loader);
    Iterator<Outcome<FeatureVector>> outcomes =
        new FeatureExtractor(backbone, ref.frontEnd(limits, view), threads, this::extracted)
            .extract(Iterators.map(pending, row -> sample(reader, row)));
    String name = extraction + "-" + shard;
    try (FeaturePartWriter part =
        new FeaturePartWriter(storage, conf.value().value(), folder, name)) {
      List<Row> rejected = write(outcomes, part);
      if (part.commit()) {
        counts.shards().add(name);
      }
      return rejected.iterator();
    }
  }

  private void extracted(BatchReport batch) {
    ExecutorCache.meters().extracted(batch);
    counts.add(batch);
  }

  /** As they lie in their shards; files by key. */
  private static Iterator<Row> inOrder(Iterator<Row> rows) {
    List<Row> sorted = new ArrayList<>();
    rows.forEachRemaining(sorted::add);
    sorted.sort(
        Comparator.comparing(
                (Row row) -> row.<String>getAs("shard"), Comparator.nullsFirst(String::compareTo))
            .thenComparing(row -> row.<Long>getAs("offset"), Comparator.nullsFirst(Long::compareTo))
            .thenComparing(row -> row.<String>getAs("key")));
    return sorted.iterator();
  }

  private List<Row> write(Iterator<Outcome<FeatureVector>> outcomes, FeaturePartWriter part)
      throws IOException {
    List<Row> rejected = new ArrayList<>();
    while (outcomes.hasNext()) {
      Outcome<FeatureVector> outcome = outcomes.next();
      if (outcome instanceof Outcome.Ok<FeatureVector> ok) {
        part.write(ok.value());
      } else if (outcome instanceof Outcome.Rejected<FeatureVector> no) {
        rejected.add(row(no.rejection()));
        counts.rejected().add(1);
      }
      counts.done().add(1);
    }
    return rejected;
  }

  static Row row(Rejection rejection) {
    return RowFactory.create(
        rejection.key(), rejection.path(), rejection.reason().name(), rejection.detail());
  }

  /** A sample whose bytes are in the row, or where the row says. */
  static Sample sample(SampleReader reader, Row row) {
    SourceRow place = SourceRow.indexed(row);
    return new Sample(row.getAs("key"), place.path(), () -> reader.read(place));
  }
}
