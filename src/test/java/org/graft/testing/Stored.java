package org.graft.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a run left in its workspace, read as anybody could read it. */
public final class Stored {
  private final SparkSession spark;

  public Stored(SparkSession spark) {
    this.spark = spark;
  }

  /** Features by key. */
  public Map<String, float[]> features(Path folder) throws IOException {
    List<String> parts;
    try (Stream<Path> files = Files.list(folder)) {
      parts = files.map(Path::toString).filter(file -> file.endsWith(".parquet")).toList();
    }
    Map<String, float[]> features = new TreeMap<>();
    for (Row row : spark.read().parquet(parts.toArray(String[]::new)).collectAsList()) {
      List<Float> boxed = row.getList(row.fieldIndex("features"));
      float[] values = new float[boxed.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = boxed.get(i);
      }
      features.put(row.getAs("key"), values);
    }
    return features;
  }

  /** The split of every key, of the only index in {@code workspace}. */
  public Map<String, String> splits(Path workspace) throws IOException {
    Map<String, String> splits = new TreeMap<>();
    try (Stream<Path> indices = Files.list(workspace.resolve("index"))) {
      Path only = indices.toList().get(0);
      for (Row row : spark.read().parquet(only.resolve("samples").toString()).collectAsList()) {
        splits.put(row.getAs("key"), row.getAs("split"));
      }
    }
    return splits;
  }
}
