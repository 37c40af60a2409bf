package org.graft.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.Version;
import org.graft.spark.Workspace;

/**
 * The last run of a job that published, kept as {@code runs/last/NAME.json}, or {@code
 * NAME@DATE.json} with a run date: what it was made from.
 *
 * @param dataset digest of samples, labels and splits
 * @param columns digest of what the job reads beside them
 * @param networks each one's weights, by digest, and engine
 * @param config as run, without secrets
 * @param bundles that it published, or found published
 * @param used what it used of the workspace, by name
 */
record LastRun(
    String runId,
    String graft,
    String dataset,
    String columns,
    List<String> networks,
    Map<String, Object> config,
    List<String> bundles,
    List<String> used) {
  static final String FOLDER = "/last";
  private static final long MOST_BYTES = 64L << 20;

  static LastRun of(
      String runId,
      String dataset,
      String columns,
      List<String> networks,
      Map<String, Object> config) {
    Map<String, Object> shaping = new TreeMap<>(config);
    shaping.keySet().removeIf(key -> key.startsWith("lock.") || key.startsWith("mlflow."));
    return new LastRun(
        runId, Version.graft(), dataset, columns, networks, shaping, List.of(), List.of());
  }

  LastRun with(List<String> newBundles, Iterable<String> newUsed) {
    List<String> names = new ArrayList<>();
    newUsed.forEach(names::add);
    return new LastRun(runId, graft, dataset, columns, networks, config, newBundles, names);
  }

  private static String file(Workspace workspace, String name, LocalDate date) {
    return workspace.runs() + FOLDER + "/" + name + (date == null ? "" : "@" + date) + ".json";
  }

  /** Empty where there is none, or what it published is there no more. */
  static Optional<LastRun> read(Storage storage, Workspace workspace, String name, LocalDate date)
      throws IOException {
    String file = file(workspace, name, date);
    if (!storage.exists(file)) {
      return Optional.empty();
    }
    LastRun last = Json.read(storage.read(file, MOST_BYTES), LastRun.class, file);
    for (String bundle : last.bundles) {
      if (!storage.exists(bundle + "/bundle.json")) {
        return Optional.empty();
      }
    }
    return Optional.of(last);
  }

  void write(Storage storage, Workspace workspace, String name, LocalDate date) throws IOException {
    storage.write(file(workspace, name, date), Json.pretty(this).getBytes(StandardCharsets.UTF_8));
  }

  /** What is not the same any more; nothing if a run would make the same again. */
  List<String> changes(LastRun now) {
    List<String> changes = new ArrayList<>();
    if (!graft.equals(now.graft)) {
      changes.add("Graft");
    }
    if (!dataset.equals(now.dataset) || !columns.equals(now.columns)) {
      changes.add("the samples");
    }
    if (!networks.equals(now.networks)) {
      changes.add("the network");
    }
    TreeSet<String> keys = new TreeSet<>(config.keySet());
    keys.addAll(now.config.keySet());
    keys.removeIf(key -> same(config.get(key), now.config.get(key)));
    changes.addAll(keys);
    return changes;
  }

  /** As JSON: what was read back has other types of numbers. */
  private static boolean same(Object a, Object b) {
    return Objects.equals(a, b) || Json.canonical(list(a)).equals(Json.canonical(list(b)));
  }

  private static List<Object> list(Object value) {
    return value == null ? List.of() : List.of(value);
  }
}
