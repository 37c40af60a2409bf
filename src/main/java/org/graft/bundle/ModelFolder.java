package org.graft.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;

/**
 * {@code models/<name>}: a folder a version; {@code latest}, a small file that holds the number of
 * the one in use; and {@code withdrawn.json}, the numbers that were rolled back from, which neither
 * a rollback nor the publication of the same content brings back by itself.
 */
public final class ModelFolder {
  static final String LATEST = "latest";
  private static final String WITHDRAWN = "withdrawn.json";
  private static final long MOST_BYTES = 1 << 20;

  private final Storage storage;
  private final String path;

  public ModelFolder(Storage storage, String path) {
    this.storage = storage;
    this.path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  public String version(int number) {
    return path + "/" + number;
  }

  /** Those whose manifest was written, from the first on; others were never finished. */
  public List<Integer> versions() throws IOException {
    List<Integer> finished = new ArrayList<>();
    for (int number : numbers()) {
      if (storage.exists(version(number) + "/" + BundleManifest.FILE)) {
        finished.add(number);
      }
    }
    return finished;
  }

  /** Folders of versions that were never finished, or are half deleted. */
  public List<String> unfinished() throws IOException {
    List<Integer> finished = versions();
    return numbers().stream()
        .filter(number -> !finished.contains(number))
        .map(this::version)
        .toList();
  }

  private List<Integer> numbers() throws IOException {
    return storage.folders(path).stream()
        .filter(name -> name.matches("[1-9][0-9]{0,8}"))
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  /** The highest finished version; the one in use is known even where a listing leaves it out. */
  OptionalInt newest() throws IOException {
    OptionalInt inUse = latest();
    boolean there =
        inUse.isPresent() && storage.exists(version(inUse.getAsInt()) + "/" + BundleManifest.FILE);
    return IntStream.concat(
            versions().stream().mapToInt(Integer::intValue),
            there ? inUse.stream() : IntStream.empty())
        .max();
  }

  /** The one in use. */
  public OptionalInt latest() throws IOException {
    String file = path + "/" + LATEST;
    if (!storage.exists(file)) {
      return OptionalInt.empty();
    }
    String text = new String(storage.read(file, 64), StandardCharsets.UTF_8).strip();
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new UserError(
          "Cannot read %s: got '%s', expected the number of a version. Write one into it, or publish again."
              .formatted(file, text));
    }
    return IntStream.of(Integer.parseInt(text)).findFirst();
  }

  void setLatest(int version) throws IOException {
    storage.write(path + "/" + LATEST, (version + "\n").getBytes(StandardCharsets.UTF_8));
  }

  boolean isWithdrawn(int version) throws IOException {
    return withdrawn().contains(version);
  }

  /**
   * Makes an earlier version the one in use, after all its files were checked.
   *
   * @param to its number; 0: the one before, of those that were not rolled back from
   * @return its number
   * @throws UserError if there is no such version, or it is damaged
   */
  public int rollback(int to) throws IOException {
    int from =
        latest()
            .orElseThrow(
                () ->
                    new UserError(
                        "Cannot roll back %s: nothing was published there. Correct 'name' or 'workspace'."
                            .formatted(path)));
    Set<Integer> withdrawn = withdrawn();
    int target = to > 0 ? to : before(from, withdrawn);
    if (!versions().contains(target)) {
      throw new UserError(
          "Cannot roll back %s to version %d: there is no such version (there are %s, in use is %d). Choose one of them."
              .formatted(path, target, versions(), from));
    }
    new BundleReader(storage).read(version(target));
    if (target < from) { // forwards, the earlier one was not found wanting
      withdrawn.add(from);
    }
    withdrawn.remove(target);
    storage.write(path + "/" + WITHDRAWN, Json.line(withdrawn).getBytes(StandardCharsets.UTF_8));
    setLatest(target);
    return target;
  }

  private int before(int from, Set<Integer> withdrawn) throws IOException {
    return versions().stream()
        .filter(version -> version < from && !withdrawn.contains(version))
        .mapToInt(Integer::intValue)
        .max()
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot roll back %s: version %d is in use, and there is none before it that was not rolled back from. Name one with --to."
                        .formatted(path, from)));
  }

  private Set<Integer> withdrawn() throws IOException {
    String file = path + "/" + WITHDRAWN;
    return storage.exists(file)
        ? new TreeSet<>(List.of(Json.read(storage.read(file, MOST_BYTES), Integer[].class, file)))
        : new TreeSet<>();
  }

  /**
   * Finished versions that are neither in use nor of the newest.
   *
   * @param keep so many of the newest; 0: all
   */
  public List<Integer> old(int keep) throws IOException {
    List<Integer> versions = versions();
    int inUse = latest().orElse(0);
    return keep == 0
        ? List.of()
        : versions.subList(0, Math.max(0, versions.size() - keep)).stream()
            .filter(version -> version != inUse)
            .toList();
  }

  /** A reader meets a whole version or none: the manifest goes first. */
  public void delete(int version) throws IOException {
    storage.delete(version(version) + "/" + BundleManifest.FILE);
    storage.delete(version(version));
  }
}
