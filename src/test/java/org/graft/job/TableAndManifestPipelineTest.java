package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same pictures from every kind of source: the same keys, labels and splits, the same head. */
class TableAndManifestPipelineTest {
  private static final int PICTURES = 45;

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended fromFolder;

  @BeforeAll
  static void makeAllSources() throws IOException {
    job = TinyJob.in(folder, 21);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 21);
    StringBuilder csv = new StringBuilder("label,path\n");
    StringBuilder lines = new StringBuilder();
    List<Row> bytes = new ArrayList<>();
    List<Row> paths = new ArrayList<>();
    for (Path file : Pictures.in(job.pictures())) {
      String label = file.getParent().getFileName().toString();
      String path = folder.relativize(file).toString();
      csv.append(label).append(',').append(path).append('\n');
      lines.append("{\"path\": \"%s\", \"label\": \"%s\"}%n".formatted(path, label));
      bytes.add(RowFactory.create(Files.readAllBytes(file), label));
      paths.add(RowFactory.create(path, label));
    }
    Files.writeString(folder.resolve("list.csv"), csv);
    Files.writeString(folder.resolve("list.jsonl"), lines);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      spark
          .createDataFrame(bytes, with("picture", DataTypes.BinaryType))
          .repartition(3)
          .write()
          .parquet(folder.resolve("bytes.parquet").toString());
      spark
          .createDataFrame(paths, with("file", DataTypes.StringType))
          .write()
          .parquet(folder.resolve("paths.parquet").toString());
    }
    fromFolder = job.verb("train").well();
  }

  private static StructType with(String column, org.apache.spark.sql.types.DataType type) {
    return new StructType().add(column, type).add("label", DataTypes.StringType);
  }

  private void assertSame(String kind, String file, String... settings) throws IOException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("source.kind=" + kind);
    all.add("source.path=" + folder.resolve(file));
    all.add("workspace=" + folder.resolve("workspace-of-" + file));
    Ended ended = job.verb("train", all.toArray(String[]::new)).well();
    assertEquals(PICTURES, ended.count("extracted"));
    assertEquals(fromFolder.head(), ended.head());
    assertEquals(dataset("workspace"), dataset("workspace-of-" + file));
  }

  /** The digest over all keys with their labels and splits. */
  private static String dataset(String workspace) throws IOException {
    try (var indices = Files.list(folder.resolve(workspace).resolve("index"))) {
      Path only = indices.toList().get(0).resolve("dataset.json");
      JsonNode card = Json.mapper().readTree(only.toFile());
      return card.required("digest").asText();
    }
  }

  @Test
  void aManifestOfCommas() throws IOException {
    assertSame("manifest", "list.csv");
  }

  @Test
  void aManifestOfJsonLines() throws IOException {
    assertSame("manifest", "list.jsonl");
  }

  @Test
  void aTableWithTheBytes() throws IOException {
    assertSame("table", "bytes.parquet", "source.contentColumn=picture");
  }

  @Test
  void aTableOfPaths() throws IOException {
    assertSame("table", "paths.parquet", "source.pathColumn=file");
  }
}
