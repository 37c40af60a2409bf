package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.Storage.Entry;
import org.graft.common.UserError;

/**
 * {@code _pack.json} in the output of {@code graft pack}: written first, with {@code complete:
 * false}, and again last, with every shard. While it is not complete no reader of Graft's takes the
 * shards for a source.
 *
 * @param kind tar or parquet
 * @param fingerprint of all that shapes the output; empty where that cannot be known
 * @param indexed samples there were; {@code packed + rejected}
 */
record PackSeal(
    int format,
    boolean complete,
    String kind,
    String fingerprint,
    long indexed,
    long packed,
    long rejected,
    List<Shard> shards) {
  static final int FORMAT = 1;
  static final String NAME = "/_pack.json";
  private static final long MOST_BYTES = 256L << 20;

  /**
   * A file of the output.
   *
   * @param file its name
   */
  record Shard(String file, long samples, long bytes, String sha256) {}

  static PackSeal begun(String kind, String fingerprint) {
    return new PackSeal(FORMAT, false, kind, fingerprint, 0, 0, 0, List.of());
  }

  void write(Storage storage, String folder) throws IOException {
    storage.write(folder + NAME, Json.pretty(this).getBytes(StandardCharsets.UTF_8));
  }

  /** Null where there is none. */
  static PackSeal read(Storage storage, String folder) throws IOException {
    String path = folder + NAME;
    return storage.exists(path)
        ? Json.read(storage.read(path, MOST_BYTES), PackSeal.class, path)
        : null;
  }

  /**
   * Refuses a folder that {@code graft pack} did not finish, or that lost a shard since.
   *
   * @param files in the folder
   */
  static void check(Storage storage, String folder, List<Entry> files) throws IOException {
    PackSeal seal = read(storage, folder);
    if (seal != null) {
      seal.check(folder, files);
    }
  }

  void check(String folder, List<Entry> files) {
    if (!complete) {
      throw new UserError(
          "Cannot read source %s: graft pack has not finished it. Let it finish, or run it again."
              .formatted(folder));
    }
    Map<String, Entry> present =
        files.stream().collect(Collectors.toMap(Entry::path, Function.identity()));
    for (Shard shard : shards) {
      Entry file = present.get(folder + "/" + shard.file());
      if (file == null || file.length() != shard.bytes()) {
        throw new UserError(
            "Cannot read source %s: shard %s %s, but graft pack wrote %d bytes. Copy it again, or delete the folder and pack again."
                .formatted(
                    folder,
                    shard.file(),
                    file == null ? "is missing" : "has " + file.length() + " bytes",
                    shard.bytes()));
      }
    }
  }
}
