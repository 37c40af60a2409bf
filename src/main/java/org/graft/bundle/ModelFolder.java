package org.graft.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.graft.common.Storage;
import org.graft.common.UserError;

/**
 * {@code models/<name>}: a folder a version, and {@code latest}, a small file that holds the number
 * of the one in use.
 */
final class ModelFolder {
  static final String LATEST = "latest";

  private final Storage storage;
  private final String path;

  ModelFolder(Storage storage, String path) {
    this.storage = storage;
    this.path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  String version(int number) {
    return path + "/" + number;
  }

  /** The highest version whose manifest was written; folders without one were never finished. */
  OptionalInt newest() throws IOException {
    int[] numbers =
        storage.folders(path).stream()
            .filter(name -> name.matches("[1-9][0-9]{0,8}"))
            .mapToInt(Integer::parseInt)
            .sorted()
            .toArray();
    for (int i = numbers.length - 1; i >= 0; i--) {
      if (storage.exists(version(numbers[i]) + "/" + BundleManifest.FILE)) {
        return OptionalInt.of(numbers[i]);
      }
    }
    return OptionalInt.empty();
  }

  OptionalInt latest() throws IOException {
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
}
