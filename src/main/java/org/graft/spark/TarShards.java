package org.graft.spark;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.graft.common.Digest;
import org.graft.common.ExitCode;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.UserError;
import org.graft.sample.DayRange;
import org.graft.spark.tar.TarMembers;

/** The shards of a tar source: one file, or all {@code .tar} files below a folder. */
final class TarShards {
  private TarShards() {}

  /** Sorted by path; at least one. */
  static List<Entry> of(Storage storage, String path) throws IOException {
    if (!storage.exists(path)) {
      throw SourceRows.absent(path);
    }
    if (!storage.isFolder(path)) {
      refuseCompressed(path);
      return List.of(storage.entry(path));
    }
    List<Entry> files =
        storage.list(path).stream().filter(file -> !Storage.isHidden(path, file.path())).toList();
    PackSeal.check(storage, path, files);
    files.forEach(file -> refuseCompressed(file.path()));
    List<Entry> shards =
        files.stream().filter(file -> lower(file.path()).endsWith(".tar")).toList();
    if (shards.isEmpty()) {
      throw new UserError(
          ExitCode.NOT_THERE,
          "Cannot read source %s: there is no .tar file in it. Correct source.path, or set source.kind."
              .formatted(path));
    }
    return shards;
  }

  /**
   * The shards of some days, each below a folder of its day.
   *
   * @param days null: all
   */
  static List<Entry> of(Storage storage, String path, DayRange days) throws IOException {
    List<Entry> all = of(storage, path);
    if (days == null) {
      return all;
    }
    List<Entry> some =
        all.stream()
            .filter(shard -> days.holdsPath(shard.path().substring(path.length())))
            .toList();
    if (some.isEmpty()) {
      throw SourceListing.none(path, days);
    }
    return some;
  }

  /** Changes when any shard is added, removed, renamed or rewritten. */
  static String digest(Storage storage, String path, DayRange days) throws IOException {
    Digest digest = new Digest();
    for (Entry shard : of(storage, path, days)) {
      digest.add(shard.path()).add(shard.length()).add(shard.modified());
    }
    return digest.hex();
  }

  private static String lower(String path) {
    return path.toLowerCase(Locale.ROOT);
  }

  private static void refuseCompressed(String path) {
    String name = lower(path);
    if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
      throw TarMembers.compressed(path);
    }
  }
}
