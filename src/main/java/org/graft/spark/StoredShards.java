package org.graft.spark;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.feature.FeatureManifest;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.Shard;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Split;

/** The features of a workspace's last run, for who wants to train on them again. */
public final class StoredShards {
  private static final long MOST_BYTES = 256L << 20;

  private final Session session;
  private final Index index;
  private final FeatureStore store;

  private StoredShards(Session session, Index index, FeatureStore store) {
    this.session = session;
    this.index = index;
    this.store = store;
  }

  /**
   * @throws UserError if no run of the workspace got as far as features
   */
  public static StoredShards in(SparkSession spark, String root) throws IOException {
    Session session = new Session(spark);
    Storage storage = session.storage();
    Map<?, ?> paths = paths(storage, root);
    Workspace workspace = new Workspace(root);
    DatasetCard card = read(storage, (String) paths.get("dataset"), DatasetCard.class);
    String folder = workspace.index(card.fingerprint()) + "/samples";
    Index index = new Index(card, Tables.read(spark, Index.SAMPLES, folder), null, true, List.of());
    return new StoredShards(
        session,
        index,
        new FeatureStore(
            spark,
            storage,
            workspace,
            manifest(storage, (String) paths.get("features")).fingerprint()));
  }

  private static Map<?, ?> paths(Storage storage, String root) throws IOException {
    List<Storage.Entry> newestFirst =
        storage.list(root + "/runs").stream()
            .filter(entry -> entry.path().endsWith("/summary.json"))
            .sorted(Comparator.comparingLong(Storage.Entry::modified).reversed())
            .toList();
    for (Storage.Entry entry : newestFirst) {
      Object paths = read(storage, entry.path(), Map.class).get("paths");
      if (paths instanceof Map<?, ?> map
          && map.containsKey("dataset")
          && map.containsKey("features")) {
        return map;
      }
    }
    throw new UserError(
        "Cannot take features from %s: no run there has any. Name the workspace of a run."
            .formatted(root));
  }

  private static FeatureManifest manifest(Storage storage, String folder) throws IOException {
    Storage.Entry any =
        storage.list(folder).stream()
            .filter(entry -> entry.path().contains("/" + FeatureStore.MANIFEST))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserError(
                        "Cannot take features from %s: it has no manifest. Run the job again."
                            .formatted(folder)));
    return read(storage, any.path(), FeatureManifest.class);
  }

  private static <T> T read(Storage storage, String path, Class<T> type) throws IOException {
    return Json.read(storage.read(path, MOST_BYTES), type, path);
  }

  public Labels labels() {
    return Labels.inOrder(index.card().labels());
  }

  public int width() throws IOException {
    return store.width();
  }

  /** Partition i is shard i. It is cached at first use, and not unpersisted. */
  public JavaRDD<Shard> of(Split split, int shards) throws IOException {
    return PackedShards.of(
            session, index, List.of(index), List.of(store), split, List.of(dealing(shards)))
        .shards();
  }

  /** Of which only labels and dealing count here. */
  private TrainingPlan dealing(int shards) {
    TrainingOptions none =
        new TrainingOptions(1, 1, 1, Updater.SGD, 0, 0, ClassWeights.NONE, false, 0);
    return new TrainingPlan(
        new HeadSpec.Linear(), labels(), Output.SOFTMAX, none, Averaging.of(shards, 1));
  }
}
