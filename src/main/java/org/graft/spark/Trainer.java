package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadFile;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;
import org.graft.sample.Split;

/** Step 3: a head for the stored features, trained once for the same plan and samples. */
public final class Trainer {
  private static final String HEAD = "/head.safetensors";
  private static final String BACKBONE = "/backbone.safetensors";
  private static final String HISTORY = "/history.json";
  private static final long MOST_BYTES = 1L << 30;

  /** What fits a head: partition i of either RDD is shard i. */
  @FunctionalInterface
  public interface Fit {
    Training train(
        TrainingPlan plan,
        JavaRDD<Shard> train,
        JavaRDD<Shard> validation,
        Consumer<RoundReport> progress);

    /** What shapes the result beside plan and samples. */
    default String id() {
      return "";
    }
  }

  private final Session session;
  private final Workspace workspace;
  private final Fit fit;

  public Trainer(Session session, Workspace workspace, Fit fit) {
    this.session = session;
    this.workspace = workspace;
    this.fit = fit;
  }

  /**
   * @param reused whether the head was there already
   */
  public record Trained(Training training, String fingerprint, boolean reused) {}

  public Trained train(
      Index index, Features features, TrainingPlan plan, Consumer<RoundReport> progress)
      throws IOException {
    String fingerprint = fingerprint(index, features, plan);
    String folder = workspace.head(fingerprint);
    if (session.storage().exists(folder + HISTORY)) {
      return new Trained(read(folder, plan), fingerprint, true);
    }
    try (PackedShards train = packed(index, features, plan, Split.TRAIN);
        PackedShards validation = packed(index, features, plan, Split.VALIDATION)) {
      Training training = fit.train(plan, train.shards(), validation.shards(), progress);
      session.storage().write(folder + HEAD, HeadFile.write(training.head()));
      if (training.backbone() != null) {
        session.storage().write(folder + BACKBONE, training.backbone());
      }
      session
          .storage()
          .write(
              folder + HISTORY, Json.pretty(training.history()).getBytes(StandardCharsets.UTF_8));
      return new Trained(training, fingerprint, false);
    }
  }

  /** Mean and deviation of the training samples' features. */
  public FeatureScaling scaling(Index index, Features features, TrainingPlan plan)
      throws IOException {
    try (PackedShards train = packed(index, features, plan, Split.TRAIN)) {
      return ShardStatistics.merged(
              session.asked(
                  "train: statistics",
                  () ->
                      train
                          .shards()
                          .map(shard -> ShardStatistics.of(shard.blocks().iterator()))
                          .collect()))
          .scaling();
    }
  }

  private PackedShards packed(Index index, Features features, TrainingPlan plan, Split split)
      throws IOException {
    List<FeatureStore> stores =
        split == Split.TRAIN ? features.stores() : List.of(features.store());
    return PackedShards.of(
        session, index, stores, split, plan.labels(), plan.averaging().sharding());
  }

  private Training read(String folder, TrainingPlan plan) throws IOException {
    byte[] history = session.storage().read(folder + HISTORY, MOST_BYTES);
    return new Training(
        HeadFile.read(
            session.storage().read(folder + HEAD, MOST_BYTES),
            plan.output(),
            plan.labels().names(),
            folder + HEAD),
        Json.read(history, TrainingHistory.class, folder + HISTORY),
        session.storage().exists(folder + BACKBONE)
            ? session.storage().read(folder + BACKBONE, MOST_BYTES)
            : null);
  }

  /** Over the plan, the features' fingerprint and the very samples that are trained on. */
  private String fingerprint(Index index, Features features, TrainingPlan plan) throws IOException {
    Dataset<Row> train = LabelledRows.of(index, features.store(), Split.TRAIN);
    if (train.isEmpty()) {
      throw new UserError(
          "Cannot train: the train split has no usable sample (of %d). Raise split.train, or add samples."
              .formatted(index.card().samples()));
    }
    String views =
        features.views().stream().map(FeatureStore::fingerprint).collect(Collectors.joining(" "));
    return Digest.of(
        Json.canonical(
            List.of(
                fit.id(),
                views,
                features.manifest().fingerprint().sha256(),
                plan.spec().getClass().getSimpleName(),
                plan.spec(),
                plan.labels().names(),
                plan.output(),
                plan.options(),
                plan.averaging().getClass().getSimpleName(),
                plan.averaging(),
                plan.grid(),
                RowDigest.of(train, Split.TRAIN),
                RowDigest.of(
                    LabelledRows.of(index, features.store(), Split.VALIDATION),
                    Split.VALIDATION))));
  }
}
