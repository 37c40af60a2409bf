package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring_index;

import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.graft.spark.NamedJobs;
import org.graft.spark.Progress;

/** A frozen network of a {@link Notebook}. Each method gives another one, or features. */
public final class NotebookBackbone {
  private static final String REASON = "reason";

  private final BackboneTransformer transformer;

  NotebookBackbone(BackboneTransformer transformer) {
    this.transformer = transformer;
  }

  private BackboneTransformer copy() {
    return transformer.copy(ParamMap.empty());
  }

  /** Ends the network there. */
  public NotebookBackbone cut(String name) {
    return new NotebookBackbone(copy().setCut(name));
  }

  /** How a spatial cut becomes a vector: avg, max, none or first. */
  public NotebookBackbone pooling(String how) {
    return new NotebookBackbone(copy().setPooling(how));
  }

  /** Weights of your own: a path or an address. */
  public NotebookBackbone weights(String place) {
    return new NotebookBackbone(copy().setWeights(place));
  }

  /** In int8, see {@link BackboneTransformer#calibrated}. */
  public NotebookBackbone calibrated(Dataset<?> samples) {
    return new NotebookBackbone(transformer.calibrated(samples));
  }

  /** Takes the samples from another column than {@code content}. */
  public NotebookBackbone input(String column) {
    return new NotebookBackbone(copy().setInputCol(column));
  }

  /** The same as a stage of a pipeline, to be set up further. */
  public BackboneTransformer transformer() {
    return copy();
  }

  /**
   * Computes the features of all samples, now, and keeps them in the executors' memory (what does
   * not fit there, on their disks): a table with the columns of {@code samples} but for their
   * bytes, and {@code features} (a vector, {@code [width]}), {@code key} (SHA-256 of the bytes) and
   * {@code reason}: why there are no features, where that is so. How many these are, is said, and
   * {@link Notebook#fit} leaves them out. To be freed by {@code unpersist()}.
   */
  public Dataset<Row> features(Dataset<?> samples) {
    BackboneTransformer all = copy().setKeyCol("key").setReasonCol(REASON).setHandleInvalid("keep");
    JavaSparkContext sc = JavaSparkContext.fromSparkContext(samples.sparkSession().sparkContext());
    LongAccumulator done = sc.sc().longAccumulator("samples");
    long total = Awaited.call(() -> NamedJobs.call(sc, "features: count", samples::count));
    Dataset<Row> wide = all.counted(samples, done);
    boolean bytes = samples.schema().apply(all.getInputCol()).dataType() instanceof BinaryType;
    Dataset<Row> features =
        (bytes ? wide.drop(all.getInputCol()) : wide).persist(StorageLevel.MEMORY_AND_DISK());
    String told;
    try (Progress.Step step = Notebook.progress().start("features", total, done::value)) {
      told = Awaited.call(() -> NamedJobs.call(sc, "features", () -> told(features, all)));
      step.done();
    }
    Notebook.progress().say("features", told);
    return features;
  }

  private static String told(Dataset<Row> features, BackboneTransformer all) {
    List<Row> reasons =
        features.groupBy(substring_index(col(REASON), ":", 1)).count().collectAsList();
    long good = 0;
    TreeMap<String, Long> bad = new TreeMap<>();
    for (Row row : reasons) {
      if (row.isNullAt(0)) {
        good = row.getLong(1);
      } else {
        bad.put(row.getString(0), row.getLong(1));
      }
    }
    return "%d of %s%s"
        .formatted(
            good,
            all.getBackbone(),
            bad.isEmpty() ? "" : ", and none of " + bad + ": see the column reason");
  }
}
