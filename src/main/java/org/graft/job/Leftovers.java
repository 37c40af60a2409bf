package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.graft.bundle.BundleReader;
import org.graft.bundle.ModelFolder;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.feature.FeatureManifest;
import org.graft.feature.FeaturePart;
import org.graft.spark.Workspace;

/**
 * What nobody needs of a workspace: features, indexes, heads and calibrations that no published
 * version names, and neither the last good run of a job nor a recent run used; versions beyond
 * those that are to be kept; files that a killed run left half written. All but versions must be as
 * old as is asked for.
 */
final class Leftovers {
  private static final long MOST_BYTES = 256L << 20;
  private static final List<String> BY_FINGERPRINT =
      List.of("calibrations", "features", "heads", "index");

  private final Storage storage;
  private final Workspace workspace;
  private final List<String> models;
  private final int keep;

  /**
   * @param path a file or a folder
   */
  record Leftover(String path, long bytes, String why) {}

  /**
   * @param models whose versions may go
   * @param keep so many of the newest, of each model; 0: all
   */
  Leftovers(Storage storage, Workspace workspace, List<String> models, int keep) {
    this.storage = storage;
    this.workspace = workspace;
    this.models = models;
    this.keep = keep;
  }

  /**
   * @param before what changed later stays, milliseconds since 1970
   */
  List<Leftover> find(long before) throws IOException {
    Set<String> used = used(before);
    Map<String, List<Storage.Entry>> things = new TreeMap<>();
    for (String kind : BY_FINGERPRINT) {
      for (Storage.Entry entry : storage.list(workspace.root() + "/" + kind)) {
        things.computeIfAbsent(thing(entry, kind), name -> new ArrayList<>()).add(entry);
      }
    }
    List<Leftover> found = new ArrayList<>();
    for (Map.Entry<String, List<Storage.Entry>> thing : things.entrySet()) {
      if (used.contains(thing.getKey())) {
        found.addAll(uncommitted(thing.getKey(), thing.getValue(), before));
      } else if (thing.getValue().stream().allMatch(entry -> entry.modified() < before)) {
        found.add(leftover(thing.getKey(), thing.getValue(), "no version or recent run uses it"));
      }
    }
    found.addAll(halfWritten("runs", before));
    List<Leftover> versions = versions(before);
    found.addAll(versions);
    halfWritten("models", before).stream()
        .filter(file -> versions.stream().noneMatch(it -> file.path().startsWith(it.path() + "/")))
        .forEach(found::add);
    return found;
  }

  /** "features/FINGERPRINT", whatever lies below it. */
  private String thing(Storage.Entry entry, String kind) {
    String[] names = entry.path().substring(workspace.root().length() + 1).split("/", 3);
    return kind + "/" + names[1];
  }

  private Leftover leftover(String name, List<Storage.Entry> entries, String why) {
    long bytes = entries.stream().mapToLong(Storage.Entry::length).sum();
    return new Leftover(workspace.root() + "/" + name, bytes, why);
  }

  private Set<String> used(long since) throws IOException {
    Set<String> used = new HashSet<>();
    for (Storage.Entry entry : storage.list(workspace.runs())) {
      if (entry.path().startsWith(workspace.runs() + LastRun.FOLDER + "/")) {
        used.addAll(read(entry, LastRun.class).used());
      } else if (entry.path().endsWith("/used.json") && entry.modified() >= since) {
        used.addAll(Arrays.asList(read(entry, String[].class)));
      }
    }
    for (String model : storage.folders(workspace.models())) {
      ModelFolder folder = folder(model);
      List<Integer> gone = models.contains(model) ? folder.old(keep) : List.of();
      for (int version : folder.versions()) {
        if (!gone.contains(version)) {
          used.add(
              "features/"
                  + new BundleReader(storage).provenance(folder.version(version)).featuresSha256());
        }
      }
    }
    return used;
  }

  private ModelFolder folder(String model) {
    return new ModelFolder(storage, workspace.models() + "/" + model);
  }

  private <T> T read(Storage.Entry entry, Class<T> type) throws IOException {
    return Json.read(storage.read(entry.path(), MOST_BYTES), type, entry.path());
  }

  /** Of what is in use: parts that no manifest names, and files without their name yet. */
  private List<Leftover> uncommitted(String thing, List<Storage.Entry> entries, long before)
      throws IOException {
    Set<String> committed = new HashSet<>();
    for (Storage.Entry entry : entries) {
      String name = name(entry);
      if (name.startsWith("_manifest-")) {
        read(entry, FeatureManifest.class).parts().forEach(part -> committed.add(part.file()));
      } else if (name.startsWith("_commit-")) {
        committed.add(read(entry, FeaturePart.class).file());
      }
    }
    boolean isStore = thing.startsWith("features/");
    return entries.stream()
        .filter(entry -> entry.modified() < before)
        .filter(
            entry ->
                isHalfWritten(entry)
                    || (isStore
                        && name(entry).startsWith("part-")
                        && !committed.contains(name(entry))))
        .map(Leftovers::halfWritten)
        .toList();
  }

  private List<Leftover> halfWritten(String kind, long before) throws IOException {
    return storage.list(workspace.root() + "/" + kind).stream()
        .filter(entry -> entry.modified() < before && isHalfWritten(entry))
        .map(Leftovers::halfWritten)
        .toList();
  }

  private static boolean isHalfWritten(Storage.Entry entry) {
    return name(entry).startsWith("_tmp.") || entry.path().contains("/_temporary/");
  }

  private static Leftover halfWritten(Storage.Entry entry) {
    return new Leftover(entry.path(), entry.length(), "half written");
  }

  private static String name(Storage.Entry entry) {
    return entry.path().substring(entry.path().lastIndexOf('/') + 1);
  }

  private List<Leftover> versions(long before) throws IOException {
    List<Leftover> found = new ArrayList<>();
    for (String model : models) {
      ModelFolder folder = folder(model);
      for (int version : folder.old(keep)) {
        found.add(version(folder.version(version), "publish.keep is " + keep));
      }
      for (String unfinished : folder.unfinished()) {
        if (storage.list(unfinished).stream().allMatch(entry -> entry.modified() < before)) {
          found.add(version(unfinished, "never finished"));
        }
      }
    }
    return found;
  }

  private Leftover version(String path, String why) throws IOException {
    return new Leftover(
        path, storage.list(path).stream().mapToLong(Storage.Entry::length).sum(), why);
  }

  /** Manifests first: what is half deleted then counts as not there. */
  void delete(Leftover leftover) throws IOException {
    if (storage.isFolder(leftover.path())) {
      for (Storage.Entry entry : storage.list(leftover.path())) {
        if (entry.path().endsWith(".json")) {
          storage.delete(entry.path());
        }
      }
    }
    storage.delete(leftover.path());
  }
}
