package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.feature.FeatureFingerprint;
import org.graft.feature.FeatureManifest;
import org.graft.feature.FeaturePart;

/**
 * The features of one fingerprint: Parquet parts that are only ever added. A part counts once a
 * marker or a manifest names it; anything else in the folder is the rest of some failed attempt.
 */
public final class FeatureStore {
  static final String MARKER = "_commit-";
  static final String MANIFEST = "_manifest-";
  private static final long MOST_BYTES = 256L << 20;

  static final StructType SCHEMA =
      new StructType()
          .add("key", DataTypes.StringType, false)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private final SparkSession spark;
  private final Storage storage;
  private final FeatureFingerprint fingerprint;
  private final String folder;
  private final Map<String, FeaturePart> known = new TreeMap<>();
  private long newest;

  FeatureStore(
      SparkSession spark, Storage storage, Workspace workspace, FeatureFingerprint fingerprint) {
    this.spark = spark;
    this.storage = storage;
    this.fingerprint = fingerprint;
    this.folder = workspace.features(fingerprint.sha256());
  }

  /** That all here was made under. */
  String fingerprint() {
    return fingerprint.sha256();
  }

  public String folder() {
    return folder;
  }

  /** {@code key STRING, features ARRAY<FLOAT>} of all that counts. A key may come twice. */
  public Dataset<Row> read() throws IOException {
    String[] files =
        parts().stream().map(part -> folder + "/" + part.file()).toArray(String[]::new);
    return files.length == 0
        ? spark.createDataFrame(List.of(), SCHEMA)
        : Tables.read(spark, SCHEMA, files);
  }

  /** The length of each vector; 0 where there are none. */
  public int width() throws IOException {
    List<Row> any = read().select("features").limit(1).collectAsList();
    return any.isEmpty() ? 0 : any.get(0).getList(0).size();
  }

  /**
   * The parts that count, by file name; each is there, whole. What was seen once is never missed
   * again, and beyond what a listing shows the next manifest is asked for by name: listings of some
   * file systems lag behind.
   */
  List<FeaturePart> parts() throws IOException {
    Map<String, Storage.Entry> present = present();
    for (Storage.Entry entry : manifests(present)) {
      newest = Math.max(newest, number(entry));
      break;
    }
    while (storage.exists(manifest(newest + 1))) {
      newest++;
    }
    if (newest > 0) {
      FeatureManifest manifest = read(manifest(newest), FeatureManifest.class);
      manifest.parts().forEach(part -> known.put(part.file(), part));
    }
    for (Storage.Entry entry : markers(present)) {
      FeaturePart part = read(entry.path(), FeaturePart.class);
      known.put(part.file(), part);
    }
    for (FeaturePart part : known.values()) {
      check(part, present.get(part.file()));
    }
    return List.copyOf(known.values());
  }

  private void check(FeaturePart part, Storage.Entry listed) throws IOException {
    String path = folder + "/" + part.file();
    boolean there = listed != null || storage.exists(path);
    Storage.Entry file = listed != null || !there ? listed : storage.entry(path);
    if (file == null || file.length() != part.bytes()) {
      throw new UserError(
          "Cannot use the features in %s: part %s %s, but %d bytes were committed. Delete the folder to extract again."
              .formatted(
                  folder,
                  part.file(),
                  file == null ? "is missing" : "has " + file.length() + " bytes",
                  part.bytes()));
    }
  }

  private Map<String, Storage.Entry> present() throws IOException {
    return storage.list(folder).stream()
        .collect(Collectors.toMap(entry -> name(entry.path()), Function.identity()));
  }

  private String manifest(long number) {
    return folder + "/" + MANIFEST + number + ".json";
  }

  FeatureManifest commit() throws IOException {
    return commit(List.of());
  }

  /**
   * Gathers all markers into the next manifest. Safe to repeat, and to be killed at any point.
   *
   * @param shards whose markers were just written, whether a listing shows them or not
   */
  FeatureManifest commit(Collection<String> shards) throws IOException {
    Set<String> markers = new TreeSet<>();
    for (String shard : shards) {
      String marker = folder + "/" + MARKER + shard + ".json";
      FeaturePart part = read(marker, FeaturePart.class);
      known.put(part.file(), part);
      markers.add(marker);
    }
    FeatureManifest manifest = new FeatureManifest(FeatureManifest.FORMAT, fingerprint, parts());
    markers(present()).forEach(marker -> markers.add(marker.path()));
    if (markers.isEmpty() && newest > 0) {
      return manifest;
    }
    storage.write(manifest(newest + 1), Json.pretty(manifest).getBytes(StandardCharsets.UTF_8));
    newest++;
    for (String marker : markers) {
      storage.delete(marker);
    }
    return manifest;
  }

  private static List<Storage.Entry> markers(Map<String, Storage.Entry> present) {
    return present.entrySet().stream()
        .filter(e -> e.getKey().startsWith(MARKER) && e.getKey().endsWith(".json"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Newest first. */
  private static List<Storage.Entry> manifests(Map<String, Storage.Entry> present) {
    return present.entrySet().stream()
        .filter(e -> e.getKey().matches(MANIFEST + "\\d+\\.json"))
        .map(Map.Entry::getValue)
        .sorted(Comparator.comparingLong(FeatureStore::number).reversed())
        .toList();
  }

  private static long number(Storage.Entry manifest) {
    String name = name(manifest.path());
    return Long.parseLong(name.substring(MANIFEST.length(), name.length() - ".json".length()));
  }

  private <T> T read(String path, Class<T> type) throws IOException {
    return Json.read(storage.read(path, MOST_BYTES), type, path);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
