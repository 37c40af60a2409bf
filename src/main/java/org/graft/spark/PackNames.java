package org.graft.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.graft.common.SeededHash;
import org.graft.sample.SampleSource;

/**
 * Names of samples within their source, and their order in the shards: by a hash of seed and name.
 * So classes are mixed in every shard, as programs want it that train while they read; and a shard
 * is the same wherever the source lies.
 *
 * @param root of the source, which is no part of the names
 */
record PackNames(String root, long seed) implements Serializable {
  static PackNames of(SampleSource source, long seed) {
    String path = source.path().replaceFirst("(?<=[^/:])/+$", "");
    return new PackNames(
        source instanceof SampleSource.Folder ? path : path.substring(0, path.lastIndexOf('/')),
        seed);
  }

  /** Names with slashes between, none of them {@code ..}; empty where the source gives none. */
  String of(SourceRow row) {
    String path = row.path();
    if (row.content() == null && row.shard() != null) {
      path = path.substring(row.shard().length() + 1);
    } else if (path.startsWith(root + "/")) {
      path = path.substring(root.length() + 1);
    }
    return Arrays.stream(path.split("/", -1))
        .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."))
        .collect(Collectors.joining("/"));
  }

  /** Sorts as the samples will be; rows with the same have equal samples, or lie apart. */
  String order(SourceRow row) {
    String name = of(row);
    return "%016x %s\u0000%s\u0000%s\u0000%s\u0000%016x"
        .formatted(
            SeededHash.hash(seed, name.isEmpty() ? row.offset() + " " + row.shard() : name),
            name,
            row.labels(),
            row.split(),
            row.shard(),
            row.offset());
  }
}
