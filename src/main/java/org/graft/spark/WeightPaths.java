package org.graft.spark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.weights.WeightFormat;

/** Weight files that the user names, on any file system. */
public final class WeightPaths {
  private WeightPaths() {}

  /**
   * The file or folder itself, or a copy on the driver's disk, which is gone when the JVM ends,
   * with the files that belong to it.
   */
  public static Path local(Storage storage, String path) throws IOException {
    if (path.startsWith("/") || path.startsWith("file:/")) {
      return Path.of(path.replaceFirst("^file:/+", "/"));
    }
    if (!storage.exists(path)) {
      throw new UserError(
          "Cannot read weights from %s: there is no such file. Correct backbone.weights."
              .formatted(path));
    }
    Path folder = Files.createTempDirectory("graft-weights");
    folder.toFile().deleteOnExit();
    int slash = path.lastIndexOf('/');
    Path copy = copy(storage, path, folder.resolve(path.substring(slash + 1)));
    for (int round = 0; round < WeightFormat.COMPANION_ROUNDS; round++) {
      for (String companion : WeightFormat.companions(copy)) {
        copyBeside(storage, path, path.substring(0, slash + 1), companion, folder);
      }
    }
    return copy;
  }

  private static void copyBeside(
      Storage storage, String of, String from, String companion, Path folder) throws IOException {
    if (Files.exists(folder.resolve(companion))) {
      return;
    }
    if (!storage.exists(from + companion)) {
      throw new UserError(
          "Cannot read weights from %s: %s, which belongs to it, is missing. Put it there."
              .formatted(of, from + companion));
    }
    copy(storage, from + companion, folder.resolve(companion));
  }

  private static Path copy(Storage storage, String from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    to.toFile().deleteOnExit();
    try (InputStream in = storage.open(from)) {
      Files.copy(in, to);
    }
    return to;
  }
}
