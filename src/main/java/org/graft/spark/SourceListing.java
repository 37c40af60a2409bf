package org.graft.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.graft.common.Digest;
import org.graft.common.ExitCode;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.sample.DayRange;

/**
 * The files of a folder source: what is hidden ({@code .x}) is not part of it. A name that begins
 * with {@code _} is: cameras give such names.
 */
final class SourceListing {
  /**
   * @param label the first folder below the root; empty for a file in the root itself
   */
  record File(String path, String label, long length, long modified) {
    File withLabel(String other) {
      return new File(path, other, length, modified);
    }
  }

  private SourceListing() {}

  /**
   * The files of some days, each below a folder of its day.
   *
   * @param days null: all files
   */
  static List<File> of(Storage storage, String folder, DayRange days) throws IOException {
    List<File> all = of(storage, folder);
    if (days == null) {
      return all;
    }
    String root = folder.replaceFirst("(?<=[^/:])/+$", "");
    List<File> some =
        all.stream()
            .filter(file -> days.holdsPath(file.path().substring(root.length())))
            .map(file -> file.withLabel(label(days, file.path().substring(root.length()))))
            .toList();
    if (some.isEmpty() && storage.exists(root)) {
      throw none(folder, days);
    }
    return some;
  }

  private static String label(DayRange days, String inner) {
    String[] names = days.withoutDay(inner).split("/", 3);
    return names.length < 3 ? "" : names[1];
  }

  static UserError none(String path, DayRange days) {
    return new UserError(
        ExitCode.NOT_THERE,
        "Cannot read source %s: it has nothing of %s. Wait for it, or correct 'partitions'."
            .formatted(path, days));
  }

  static List<File> of(Storage storage, String folder) throws IOException {
    String root = folder.replaceFirst("(?<=[^/:])/+$", "");
    if (storage.exists(root) && !storage.isFolder(root)) {
      throw new UserError(
          "Cannot read source %s: it is a file, and source.kind is folder. Set source.kind to manifest (.csv, .jsonl) or table (Parquet), or source.path to a folder."
              .formatted(root));
    }
    Map<String, String> labels = new HashMap<>(); // one text each, not one a file
    return storage.list(root).stream()
        .map(entry -> file(root, entry, labels))
        .filter(file -> !isHidden(file.path().substring(root.length())))
        .toList();
  }

  private static File file(String root, Storage.Entry entry, Map<String, String> labels) {
    String inner = entry.path().substring(root.length() + 1);
    int slash = inner.indexOf('/');
    String label =
        labels.computeIfAbsent(slash < 0 ? "" : inner.substring(0, slash), Function.identity());
    return new File(entry.path(), label, entry.length(), entry.modified());
  }

  /** Whether a name in {@code inner}, which begins with a slash, begins with a dot. */
  static boolean isHidden(String inner) {
    return inner.contains("/.");
  }

  /** Changes when any file is added, removed, renamed or rewritten. */
  static String digest(String root, List<File> files) {
    Digest digest = new Digest();
    for (File file : files) {
      digest.add(file.path().substring(root.length())).add(file.length()).add(file.modified());
    }
    return digest.hex();
  }
}
