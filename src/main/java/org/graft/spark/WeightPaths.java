package org.graft.spark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.common.Storage;
import org.graft.common.UserError;

/** Weight files that the user names, on any file system. */
public final class WeightPaths {
  private WeightPaths() {}

  /** The file itself, or a copy on the driver's disk, which is gone when the JVM ends. */
  public static Path local(Storage storage, String path) throws IOException {
    if (path.startsWith("/") || path.startsWith("file:/")) {
      return Path.of(path.replaceFirst("^file:/+", "/"));
    }
    if (!storage.exists(path)) {
      throw new UserError(
          "Cannot read weights from %s: there is no such file. Correct backbone.weights."
              .formatted(path));
    }
    Path copy =
        Files.createTempDirectory("graft-weights")
            .resolve(path.substring(path.lastIndexOf('/') + 1));
    copy.toFile().deleteOnExit();
    try (InputStream in = storage.open(path)) {
      Files.copy(in, copy);
    }
    return copy;
  }
}
