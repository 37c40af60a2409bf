package org.graft.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.graft.sample.Split;
import org.graft.sample.Splitter;
import org.graft.spark.EpochProgress;
import org.graft.spark.FolderTable;
import org.graft.spark.Progress;
import org.graft.spark.Session;
import scala.Console;

/**
 * Graft in three lines, for notebooks and shells: {@code pictures}, {@code backbone(...).features},
 * {@code fit}. Each says how far it is and, in a line, what came of it. For whatever is more, there
 * are {@link BackboneTransformer} and {@link HeadEstimator}, which these make.
 *
 * <p>Serializable, as a shell's functions take all of its values along; where tasks run it can do
 * nothing.
 */
public final class Notebook implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final long SEED = 42;

  private final transient SparkSession spark;

  public Notebook(SparkSession spark) {
    this.spark = spark;
  }

  /** Where a person looks: a Scala shell has its own idea of that. */
  static Progress progress() {
    return new Progress(Console.out(), false);
  }

  /**
   * {@code path, content, label}: the files below a folder that {@code graft run} would take,
   * labelled by the first folder below it. They are listed now, and read when that is asked for.
   *
   * @throws org.graft.common.UserError if there is no such folder
   */
  public Dataset<Row> pictures(String folder) {
    try {
      return FolderTable.of(new Session(spark), folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /**
   * A frozen network.
   *
   * @param name of a weight set, as {@code graft backbones list} shows them, or the path of a card
   */
  public NotebookBackbone backbone(String name) {
    return new NotebookBackbone(new BackboneTransformer().setBackbone(name));
  }

  /** The same of a transformer that says all about it. */
  public NotebookBackbone backbone(BackboneTransformer transformer) {
    return new NotebookBackbone(transformer);
  }

  /**
   * Fits a linear head to its optimum.
   *
   * @param features a table with {@code features}, as {@link NotebookBackbone#features} gives it;
   *     rows without them are left out
   * @param label its column of labels
   */
  public HeadModel fit(Dataset<?> features, String label) {
    return fit(features, label, new HeadEstimator());
  }

  /**
   * Fits any head.
   *
   * @param head what to fit, and how
   */
  public HeadModel fit(Dataset<?> features, String label, HeadEstimator head) {
    boolean optimum = head.getKind().equals("linear") && !head.getMethod().equals("averaging");
    HeadModel model;
    try (EpochProgress shown =
        new EpochProgress(progress(), "fit", optimum ? head.getIterations() : head.getEpochs())) {
      model =
          head.copy(ParamMap.empty())
              .setLabelCol(label)
              .watched(features.filter(col(head.getFeaturesCol()).isNotNull()), shown);
      shown.done();
    }
    progress()
        .say(
            "fit",
            String.format(
                Locale.ROOT,
                "%s head, %s: %s",
                head.getKind(),
                model.shape(),
                String.join(", ", model.labels())));
    return model;
  }

  /**
   * Two parts, {@code [train, test]}. A sample is in the same part whatever the others are, by its
   * {@code key}, as in {@code graft run}.
   *
   * @param features a table with {@code key}
   * @param train share of the samples, 0 to 1
   */
  public Dataset<Row>[] split(Dataset<Row> features, double train) {
    HeadColumns.checkThere(features.schema(), "key", "keyCol of the backbone to key");
    Column split =
        udf(new Dealt(new Splitter(train, 0, SEED)), DataTypes.BooleanType).apply(col("key"));
    @SuppressWarnings("unchecked")
    Dataset<Row>[] parts =
        (Dataset<Row>[]) new Dataset<?>[] {features.filter(split), features.filter(not(split))};
    return parts;
  }

  /**
   * Gives this session's SQL the function {@code graft_predict('MODEL', SAMPLE)}: see {@link
   * GraftExtensions}. Doing it again lets models be looked at anew.
   */
  public Notebook register() {
    spark
        .sessionState()
        .functionRegistry()
        .registerFunction(PredictFunction.NAME, PredictFunction.INFO, new PredictFunction());
    return this;
  }

  private record Dealt(Splitter splitter) implements UDF1<String, Boolean> {
    @Override
    public Boolean call(String key) {
      return key != null && splitter.split(key) == Split.TRAIN;
    }
  }
}
