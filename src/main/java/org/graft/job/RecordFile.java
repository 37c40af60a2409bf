package org.graft.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.common.Json;
import org.graft.common.UserError;

/**
 * The file that {@code --json} of a benchmark names: its records as an array.
 *
 * @param path null: none is wanted
 */
record RecordFile(Path path) {
  void write(List<?> records) {
    if (path == null) {
      return;
    }
    try {
      Files.writeString(path, Json.pretty(records));
    } catch (IOException e) {
      throw new UserError(
          "Cannot write --json %s: %s. Name a file in a folder that is there.".formatted(path, e),
          e);
    }
  }
}
