package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Digest;
import org.graft.common.Json;

/**
 * What a run leaves that does not depend on when and where it ran.
 *
 * @param features a digest of all rows, by the name of their folder
 * @param bundle digests of the published files, by their names
 */
record Outcome(
    Map<?, ?> metrics, long samples, Map<String, String> features, Map<String, String> bundle) {

  static Outcome of(Path workspace, Map<String, Object> summary) throws IOException {
    long samples = number(map(summary.get("counts")).get("indexed"));
    SortedMap<String, String> features = new TreeMap<>();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      for (Path store : files(workspace.resolve("features"))) {
        features.put(store.getFileName().toString(), digest(spark, store, samples));
      }
    }
    assertFalse(features.isEmpty());
    return new Outcome(map(summary.get("metrics")), samples, features, bundle(workspace));
  }

  private static String digest(SparkSession spark, Path store, long samples) throws IOException {
    List<String> parts = new ArrayList<>();
    for (Map<?, ?> part : committed(store)) {
      parts.add(store.resolve((String) part.get("file")).toString());
    }
    List<Row> rows =
        spark
            .read()
            .parquet(parts.toArray(String[]::new))
            .distinct()
            .orderBy("key")
            .collectAsList();
    // An executor that outlives its driver may add a row that the next one computes, too: the same.
    assertEquals(samples, rows.size(), () -> "different rows in " + store);
    assertEquals(samples, rows.stream().map(row -> row.getString(0)).distinct().count());
    Digest digest = new Digest();
    for (Row row : rows) {
      digest.add(row.getString(0)).add(row.getList(1).toString());
    }
    return digest.hex();
  }

  /** Rows of all networks' features that a run which goes on need not compute. */
  static long committedRows(Path workspace) throws IOException {
    long rows = 0;
    for (Path store : files(workspace.resolve("features"))) {
      for (Map<?, ?> part : committed(store)) {
        rows += number(part.get("rows"));
      }
    }
    return rows;
  }

  /** Parts that markers or the newest manifest name, each once. */
  private static List<Map<?, ?>> committed(Path store) throws IOException {
    Map<Object, Map<?, ?>> parts = new HashMap<>();
    for (Path file : files(store)) {
      String name = file.getFileName().toString();
      if (name.matches("_commit-.*\\.json")) {
        Map<String, Object> part = json(file);
        parts.put(part.get("file"), part);
      } else if (name.matches("_manifest-.*\\.json")) {
        for (Object part : (List<?>) json(file).get("parts")) {
          parts.put(map(part).get("file"), map(part));
        }
      }
    }
    return List.copyOf(parts.values());
  }

  private static Map<String, String> bundle(Path workspace) throws IOException {
    List<Path> versions = new ArrayList<>(files(workspace.resolve("models/cluster")));
    versions.removeIf(path -> !Files.isDirectory(path));
    assertEquals(1, versions.size(), versions::toString);
    SortedMap<String, String> digests = new TreeMap<>();
    HashSet<String> named = new HashSet<>(List.of("bundle.json"));
    for (Object file : (List<?>) json(versions.get(0).resolve("bundle.json")).get("files")) {
      String name = (String) map(file).get("name");
      digests.put(name, (String) map(file).get("sha256"));
      named.add(name);
    }
    for (Path file : files(versions.get(0))) {
      assertEquals(true, named.contains(file.getFileName().toString()), file::toString);
    }
    return digests;
  }

  /** Those that are not hidden; none where there is no such folder. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  private static Map<String, Object> json(Path file) throws IOException {
    return Json.readMap(Files.readAllBytes(file), file.toString());
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
