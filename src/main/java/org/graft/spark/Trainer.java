package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.head.Checkpoints;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.head.HeadFile;
import org.graft.head.RoundReport;
import org.graft.head.Shard;
import org.graft.head.StoredCheckpoints;
import org.graft.head.Training;
import org.graft.head.TrainingHistory;
import org.graft.head.TrainingPlan;
import org.graft.sample.Split;

/** Step 3: a head for the stored features, trained once for the same plan and samples. */
public final class Trainer {
  private static final String HEAD = "/head.safetensors";
  private static final String HISTORY = "/history.json";
  private static final long MOST_BYTES = 1L << 30;

  /**
   * What fits heads: partition i of either RDD is shard i. The blocks' targets are those of the
   * first plan, then of the next, ... Checkpoints are for who can use them.
   */
  @FunctionalInterface
  public interface Fit {
    List<Training> train(
        List<TrainingPlan> plans,
        JavaRDD<Shard> train,
        JavaRDD<Shard> validation,
        Checkpoints checkpoints,
        Consumer<RoundReport> progress);

    /** What shapes the result beside plan and samples. */
    default String id() {
      return "";
    }
  }

  private final Session session;
  private final Workspace workspace;
  private final Fit fit;
  private final Rhythm rhythm;
  private final Consumer<String> notes;

  /**
   * @param rhythm of checkpoints
   * @param notes told what the user should know
   */
  public Trainer(
      Session session, Workspace workspace, Fit fit, Rhythm rhythm, Consumer<String> notes) {
    this.session = session;
    this.workspace = workspace;
    this.fit = fit;
    this.rhythm = rhythm;
    this.notes = notes;
  }

  /**
   * @param reused whether the head was there already
   */
  public record Trained(Training training, String fingerprint, boolean reused) {}

  public Trained train(
      Index index, Features features, TrainingPlan plan, Consumer<RoundReport> progress)
      throws IOException {
    return train(index, List.of(index), features, List.of(plan), progress).get(0);
  }

  /**
   * Several heads of the same features, in one training.
   *
   * @param labelled the same samples or fewer, with the labels of one head each
   * @param plans a head each
   */
  public List<Trained> train(
      Index index,
      List<Index> labelled,
      Features features,
      List<TrainingPlan> plans,
      Consumer<RoundReport> progress)
      throws IOException {
    List<String> fingerprints = fingerprints(labelled, features, plans);
    StoredCheckpoints checkpoints = checkpoints(fingerprints.get(0));
    List<Trained> there = there(fingerprints, plans);
    if (there.size() == plans.size()) {
      checkpoints.delete();
      return there;
    }
    try (PackedShards train = packed(index, labelled, features, plans, Split.TRAIN);
        PackedShards validation = packed(index, labelled, features, plans, Split.VALIDATION)) {
      List<Training> trainings =
          fit.train(plans, train.shards(), validation.shards(), checkpoints, progress);
      List<Trained> trained = new ArrayList<>();
      for (int head = 0; head < plans.size(); head++) {
        keep(workspace.head(fingerprints.get(head)), trainings.get(head));
        trained.add(new Trained(trainings.get(head), fingerprints.get(head), false));
      }
      checkpoints.delete();
      return trained;
    }
  }

  /** Those of heads that are trained together lie with the first of them. */
  private StoredCheckpoints checkpoints(String fingerprint) {
    return new StoredCheckpoints(
        session.storage(), workspace.checkpoints(fingerprint), fingerprint, rhythm, notes);
  }

  private void keep(String folder, Training training) throws IOException {
    session.storage().write(folder + HEAD, HeadFile.write(training.head()));
    for (Training.Part part : training.parts()) {
      try (Storage.PendingFile file = session.storage().create(folder + "/" + part.name())) {
        part.content().writeTo(file.out());
        file.commit();
      }
    }
    session
        .storage()
        .write(folder + HISTORY, Json.pretty(training.history()).getBytes(StandardCharsets.UTF_8));
  }

  /** Names the training that {@link #train} would do. */
  public String fingerprint(Index index, Features features, TrainingPlan plan) throws IOException {
    return fingerprints(List.of(index), features, List.of(plan)).get(0);
  }

  /** Whether it was done already. */
  public boolean has(String fingerprint) throws IOException {
    return session.storage().exists(workspace.head(fingerprint) + HISTORY);
  }

  /** How it went. */
  public TrainingHistory history(String fingerprint) throws IOException {
    String path = workspace.head(fingerprint) + HISTORY;
    return Json.read(session.storage().read(path, MOST_BYTES), TrainingHistory.class, path);
  }

  /** What is to be known of the training samples, packed as for a training by {@code plan}. */
  public <T> T with(
      Index index, Features features, TrainingPlan plan, Function<JavaRDD<Shard>, T> question)
      throws IOException {
    try (PackedShards train = packed(index, List.of(index), features, List.of(plan), Split.TRAIN)) {
      return question.apply(train.shards());
    }
  }

  private PackedShards packed(
      Index index, List<Index> labelled, Features features, List<TrainingPlan> plans, Split split)
      throws IOException {
    List<FeatureStore> stores =
        split == Split.TRAIN ? features.stores() : List.of(features.store());
    return PackedShards.of(session, index, labelled, stores, split, plans);
  }

  /** Those that were trained before; fewer than the plans where one is missing. */
  private List<Trained> there(List<String> fingerprints, List<TrainingPlan> plans)
      throws IOException {
    List<Trained> there = new ArrayList<>();
    for (int head = 0; head < plans.size(); head++) {
      String folder = workspace.head(fingerprints.get(head));
      if (session.storage().exists(folder + HISTORY)) {
        there.add(new Trained(read(folder, plans.get(head)), fingerprints.get(head), true));
      }
    }
    return there;
  }

  private Training read(String folder, TrainingPlan plan) throws IOException {
    byte[] history = session.storage().read(folder + HISTORY, MOST_BYTES);
    return new Training(
        HeadFile.read(
            session.storage().read(folder + HEAD, MOST_BYTES),
            plan.spec().input(),
            plan.output(),
            plan.labels().names(),
            folder + HEAD),
        Json.read(history, TrainingHistory.class, folder + HISTORY));
  }

  /** Heads that share passes are each other's company, which may show in their last bits. */
  private List<String> fingerprints(
      List<Index> labelled, Features features, List<TrainingPlan> plans) throws IOException {
    List<String> own = new ArrayList<>();
    for (int head = 0; head < plans.size(); head++) {
      own.add(own(labelled.get(head), features, plans.get(head)));
    }
    return own.size() == 1
        ? own
        : IntStream.range(0, own.size())
            .mapToObj(head -> Digest.of(Json.canonical(List.of(own, head))))
            .toList();
  }

  /** Over the plan, the features' fingerprint and the very samples that are trained on. */
  private String own(Index index, Features features, TrainingPlan plan) throws IOException {
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
                plan.weightColumn(),
                SampleWeights.digest(index, plan),
                RowDigest.of(train, Split.TRAIN),
                RowDigest.of(
                    LabelledRows.of(index, features.store(), Split.VALIDATION),
                    Split.VALIDATION))));
  }
}
