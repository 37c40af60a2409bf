package org.graft.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.graft.common.Json;
import org.graft.common.Storage;

/** The records of a run, as JSON files of its folder. */
record RunFiles(Storage storage, String folder) {
  private static final long MOST_BYTES = 64L << 20;

  String path(String name) {
    return folder + "/" + name;
  }

  boolean has(String name) throws IOException {
    return storage.exists(path(name));
  }

  void write(String name, Object record) throws IOException {
    storage.write(path(name), Json.pretty(record).getBytes(StandardCharsets.UTF_8));
  }

  <T> T read(String name, Class<T> type) throws IOException {
    return Json.read(bytes(name), type, path(name));
  }

  byte[] bytes(String name) throws IOException {
    return storage.read(path(name), MOST_BYTES);
  }
}
