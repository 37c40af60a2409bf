package org.graft;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.graft.evaluate.Evaluation;
import org.graft.feature.FeaturePart;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingPlan;
import org.graft.spark.BackboneChoice;
import org.graft.spark.ExtractOptions;
import org.graft.spark.ExtractionTimes;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.Progress;
import org.graft.spark.Sampled;
import org.graft.spark.Trainer.Trained;

/**
 * A job's steps on a few samples of its source, to see what they take: in a folder of their own,
 * which {@link #close} deletes. Nothing else is written.
 */
public final class Rehearsal implements AutoCloseable {
  private static final double NANOS = 1e9;

  private final String folder;
  private final Script script;
  private final Graft first;
  private final Graft second;

  /**
   * @param folder that nothing else is in
   */
  public Rehearsal(
      SparkSession spark, String folder, String runId, Progress progress, Script script) {
    this.folder = folder;
    this.script = script;
    this.first = new Graft(spark, folder + "/first", runId, progress);
    this.second = new Graft(spark, folder + "/second", runId, progress);
  }

  /**
   * What is to be done.
   *
   * @param samples of the source, at most
   * @param plan by the samples' labels
   */
  public record Script(
      int samples,
      IndexOptions indexing,
      BackboneChoice network,
      ExtractOptions extraction,
      Function<List<String>, TrainingPlan> plan,
      int topK,
      List<Export> exports) {}

  /**
   * What indexing and extraction took.
   *
   * @param features of the first samples
   * @param width of the features
   * @param featureBytes that a sample's take on disk
   * @param seconds of the extraction of the first samples, loading the network
   * @param steady times of other samples, when all was loaded
   */
  public record Extracted(
      Sampled source,
      Features features,
      int width,
      double featureBytes,
      double seconds,
      ExtractionTimes steady) {}

  /**
   * What followed, in seconds.
   *
   * @param rounds of the training
   */
  public record Head(double train, List<RoundReport> rounds, double evaluate, double publish) {}

  public Extracted extract() throws IOException {
    Sampled source = first.sampled(script.indexing(), script.samples());
    Clock<Features> cold = Clock.of(() -> extract(first, source.first()));
    Features steady = extract(second, source.second());
    return new Extracted(
        source,
        cold.result(),
        cold.result().store().width(),
        bytes(cold.result()),
        cold.seconds(),
        steady.times());
  }

  private Features extract(Graft graft, Index samples) throws IOException {
    return graft.extract(
        "rehearsal",
        samples,
        script.indexing().source(),
        script.network(),
        script.extraction().plain());
  }

  private static double bytes(Features features) {
    List<FeaturePart> parts = features.manifest().parts();
    long rows = parts.stream().mapToLong(FeaturePart::rows).sum();
    return rows == 0 ? 0 : (double) parts.stream().mapToLong(FeaturePart::bytes).sum() / rows;
  }

  /**
   * @throws org.graft.common.UserError if no head can be trained on so few samples
   */
  public Head head(Extracted extracted) throws IOException {
    Index samples = extracted.source().first();
    Features features = extracted.features();
    TrainingPlan plan = script.plan().apply(samples.card().labels());
    Clock<Trained> trained = Clock.of(() -> first.train(samples, features, plan, round -> {}));
    TrainedHead head = trained.result().training().head();
    Clock<Evaluation> evaluated =
        Clock.of(() -> first.evaluate(samples, features, head, script.topK()));
    Clock<String> published = Clock.of(() -> publish(samples, features, head, evaluated.result()));
    return new Head(
        trained.seconds(),
        trained.result().training().history().rounds(),
        evaluated.seconds(),
        published.seconds());
  }

  private String publish(Index samples, Features features, TrainedHead head, Evaluation evaluation)
      throws IOException {
    return first.publish(
        "rehearsal",
        samples,
        script.network(),
        features,
        head,
        evaluation,
        first.profile(samples, features, head),
        null,
        Map.of(),
        script.exports(),
        null);
  }

  @Override
  public void close() throws IOException {
    first.storage().delete(folder);
  }

  /** A result, and how long it took. */
  private record Clock<T>(T result, double seconds) {
    /** Work that gives something. */
    @FunctionalInterface
    private interface Step<T> {
      T run() throws IOException;
    }

    static <T> Clock<T> of(Step<T> step) throws IOException {
      long begin = System.nanoTime();
      T result = step.run();
      return new Clock<>(result, (System.nanoTime() - begin) / NANOS);
    }
  }
}
