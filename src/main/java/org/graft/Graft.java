package org.graft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Digest;
import org.graft.common.Storage;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.evaluate.Evaluation;
import org.graft.head.RoundReport;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingPlan;
import org.graft.sample.SampleSource;
import org.graft.spark.BackboneChoice;
import org.graft.spark.Evaluating;
import org.graft.spark.ExtractOptions;
import org.graft.spark.Extractor;
import org.graft.spark.Features;
import org.graft.spark.Index;
import org.graft.spark.IndexOptions;
import org.graft.spark.Indexer;
import org.graft.spark.Progress;
import org.graft.spark.Session;
import org.graft.spark.Trainer;
import org.graft.spark.Trainer.Trained;
import org.graft.spark.Workspace;
import org.graft.spark.dl4j.SparkHeadTrainer;
import org.graft.spark.dl4j.WorkerPartitioner;

/**
 * The front door, for jobs and notebooks: the steps of the work on a Spark session, in their order.
 * Each is committed before it returns, and is not done again for the same input.
 */
public final class Graft {
  private final Session session;
  private final Workspace workspace;
  private final Progress progress;
  private final String runId;

  /**
   * @param workspace folder on any Hadoop file system, for all that is made
   * @param runId names this run's own folder in it
   */
  public Graft(SparkSession spark, String workspace, String runId, Progress progress) {
    this.session = new Session(spark);
    this.workspace = new Workspace(workspace);
    this.runId = runId;
    this.progress = progress;
  }

  public Storage storage() {
    return session.storage();
  }

  public Workspace workspace() {
    return workspace;
  }

  /** The run's own folder. */
  public String runFolder() {
    return workspace.run(runId);
  }

  /**
   * Step 1: samples get keys, splits and labels.
   *
   * @param rejectedLimit share of the samples that may be unusable
   */
  public Index index(IndexOptions options, double rejectedLimit) throws IOException {
    return new Indexer(session, workspace)
        .index(options, runId, runFolder() + "/rejected/index", rejectedLimit);
  }

  /**
   * Step 2: what is not stored yet goes through the frozen network.
   *
   * @param name of the step, in progress and in the run's folder
   */
  public Features extract(
      String name,
      Index index,
      SampleSource source,
      BackboneChoice backbone,
      ExtractOptions options)
      throws IOException {
    return new Extractor(session, workspace)
        .extract(
            index,
            source,
            backbone,
            options,
            runId,
            runFolder() + "/rejected/" + name,
            name,
            progress);
  }

  /** Step 3: a head, by parameter averaging over logical workers. */
  public Trained train(
      Index index, Features features, TrainingPlan plan, Consumer<RoundReport> rounds)
      throws IOException {
    return new Trainer(
            session,
            workspace,
            (p, train, validation, told) ->
                SparkHeadTrainer.train(session.context(), p, train, validation, told),
            new WorkerPartitioner(plan.averaging()))
        .train(index, features, plan, rounds);
  }

  /** Step 4: the head on the test split. */
  public Evaluation evaluate(Index index, Features features, TrainedHead head, int topK)
      throws IOException {
    return Evaluating.test(session, index, features, head, topK);
  }

  /**
   * What to extract with.
   *
   * @param cut empty: the card's default
   * @param pooling null: the cut's default
   * @param weights a file of the user's, on any file system; empty: the card's own
   * @param sha256 of the weight file, or its first digits; empty: the card's, or none for a file
   */
  public BackboneChoice backbone(
      String cardName, String cut, Pooling pooling, int batch, String weights, String sha256)
      throws IOException {
    BackboneCard card = BackboneCatalog.card(cardName);
    Path file = Path.of(weights);
    String digest;
    try (InputStream in = Files.newInputStream(file)) {
      digest = Digest.of(in);
    }
    String name = cut.isEmpty() ? card.defaultCut() : cut;
    Pooling chosen = pooling == null ? card.cut(name).pooling() : pooling;
    return new BackboneChoice(
        new BackboneSpec(card, name, chosen, batch, file), new Dl4jBackboneLoader(), digest);
  }
}
