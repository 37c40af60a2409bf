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
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.common.Storage;
import org.graft.feature.ExtractionThreads;
import org.graft.feature.FeatureExtractor;
import org.graft.feature.FeatureVector;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection;
import org.graft.sample.Sample;
import scala.Tuple2;

/**
 * One task of step 2: the samples of a shard become a part of the feature store, and the rejected
 * ones come back as rows.
 */
final class Extraction
    implements Function2<Integer, Iterator<Tuple2<Integer, Row>>, Iterator<Row>> {
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
  private final long maxPixels;
  private final LongAccumulator done;

  /**
   * @param folder of the feature store
   * @param extraction names this extraction among all that ever write to the store
   */
  Extraction(
      Session session,
      BackboneRef ref,
      BackboneLoader loader,
      String folder,
      String extraction,
      ExtractOptions options,
      LongAccumulator done) {
    this.conf = session.conf();
    this.ref = ref;
    this.loader = loader;
    this.folder = folder;
    this.extraction = extraction;
    this.readers = options.readers();
    this.maxPixels = options.maxPixels();
    this.done = done;
  }

  @Override
  public Iterator<Row> call(Integer shard, Iterator<Tuple2<Integer, Row>> rows) throws IOException {
    List<Row> pending = new ArrayList<>();
    rows.forEachRemaining(row -> pending.add(row._2()));
    if (pending.isEmpty()) {
      return List.<Row>of().iterator();
    }
    pending.sort(Comparator.comparing(row -> row.<String>getAs("key")));
    Storage storage = new HadoopStorage(conf.value().value());
    Backbone backbone = ExecutorCache.backbone(ref, loader);
    ExtractionThreads threads = ExecutorCache.threads(readers);
    BackboneSpec spec = ref.spec(null);
    Iterator<Outcome<FeatureVector>> outcomes =
        new FeatureExtractor(backbone, BackboneChoice.frontEnd(spec.card(), maxPixels), threads)
            .extract(Iterators.map(pending.iterator(), row -> sample(storage, row)));
    try (FeaturePartWriter part =
        new FeaturePartWriter(storage, conf.value().value(), folder, extraction + "-" + shard)) {
      List<Row> rejected = write(outcomes, part);
      part.commit();
      return rejected.iterator();
    }
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
      }
      done.add(1);
    }
    return rejected;
  }

  static Row row(Rejection rejection) {
    return RowFactory.create(
        rejection.key(), rejection.path(), rejection.reason().name(), rejection.detail());
  }

  /** A sample whose bytes are in the row, or in the file that the row names. */
  static Sample sample(Storage storage, Row row) {
    String path = row.getAs("path");
    byte[] content = row.getAs("content");
    return new Sample(
        row.getAs("key"), path, content != null ? () -> content : () -> read(storage, path));
  }

  private static byte[] read(Storage storage, String path) throws IOException {
    return storage.read(path, Integer.MAX_VALUE - 16);
  }
}
