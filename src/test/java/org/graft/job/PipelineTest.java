package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.Digest;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path, once and once more. */
class PipelineTest {
  private static final int PICTURES = 60;

  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended first;
  private static Ended again;
  private static Ended other;

  @BeforeAll
  static void runTwice() throws IOException {
    job = TinyJob.in(folder.resolve("tiny"), 1);
    Pictures.write(job.pictures(), 3, 20, 1);
    Files.copy(Pictures.file(job.pictures(), 1, 3), Pictures.file(job.pictures(), 1, 99));
    Files.writeString(job.pictures().resolve("class-002/none.png"), "this is no picture");
    first = job.run("limits.rejected=0.05").well();
    again = job.run("limits.rejected=0.05").well();
    other = job.run("limits.rejected=0.05", "train.epochs=2").well();
  }

  @Test
  void theLastLineSaysWhatWasDone() {
    assertEquals("done", first.outcome());
    assertEquals(0, first.summary().required("exitCode").asInt());
    assertTrue(first.metric("accuracy") > 0.6, () -> String.join("\n", first.out()));
    assertTrue(first.head().matches("[0-9a-f]{64}"), first.head());
    assertTrue(Files.isRegularFile(Path.of(first.path("bundle"), "bundle.json")));
    for (String name : List.of("evaluation", "features", "run")) {
      assertTrue(Files.exists(Path.of(first.path(name))), name);
    }
  }

  @Test
  void noSampleIsLost() {
    assertEquals(PICTURES + 2, first.count("indexed"));
    assertEquals(PICTURES, first.count("extracted"));
    assertEquals(0, first.count("reused"));
    assertEquals(1, first.count("duplicates"));
    assertEquals(1, first.count("rejected"));
    for (Ended ended : List.of(first, again, other)) {
      assertEquals(
          ended.count("indexed"),
          ended.count("extracted")
              + ended.count("reused")
              + ended.count("duplicates")
              + ended.count("rejected"));
    }
    assertTrue(first.err().contains("1 duplicates count once"), first.err());
  }

  @Test
  void runAgainItDoesNothingTwice() throws IOException {
    assertEquals(0, again.count("extracted"));
    assertEquals(PICTURES, again.count("reused"));
    assertEquals(first.head(), again.head());
    assertEquals(first.path("bundle"), again.path("bundle"));
    assertEquals(first.summary().required("metrics"), again.summary().required("metrics"));
    assertTrue(again.err().contains("(train "), again.err());
    assertTrue(again.err().lines().anyMatch(line -> line.endsWith(", as before")), again.err());
    assertTrue(again.err().contains("reused: "), again.err());
    assertFalse(first.err().contains("reused: "), first.err());
  }

  @Test
  void anotherHeadIsTheModelsNextVersion() throws IOException {
    Path model = job.workspace().resolve("models/tiny");
    assertEquals(model.resolve("1").toString(), first.path("bundle"));
    assertEquals(model.resolve("2").toString(), other.path("bundle"));
    assertEquals("2", Files.readString(model.resolve("latest")).strip());
    try (Stream<Path> versions = Files.list(model)) {
      assertEquals(List.of("1", "2", "latest"), versions.map(PipelineTest::name).sorted().toList());
    }
  }

  @Test
  void theRunsFolderKeepsTheSameSummaryAndTheConfig() throws IOException {
    for (Ended ended : List.of(first, again, other)) {
      Path run = Path.of(ended.path("run"));
      String last = ended.out().get(ended.out().size() - 1);
      assertEquals(last, Files.readString(run.resolve("summary.json")).strip());
      JsonNode record = Json.mapper().readTree(run.resolve("run.json").toFile());
      assertEquals(ended.summary().required("runId").asText(), record.required("runId").asText());
      assertEquals("spatial", record.required("config").required("backbone.cut").asText());
    }
  }

  @Test
  void theReportIsForPeople() {
    String report = String.join("\n", first.out());
    assertTrue(report.contains("accuracy"), report);
    assertTrue(report.contains(first.path("bundle")), report);
    assertTrue(report.contains("test samples"), report);
    assertTrue(report.contains(first.path("report")), report);
  }

  @Test
  void everyRunHasAPage() throws IOException {
    for (Ended ended : List.of(first, again)) { // also where the head was there already
      String page = Files.readString(Path.of(ended.path("run")).resolve("report.html"));
      assertTrue(page.contains("data-kind=\"lines\""), page); // curves
      assertTrue(page.contains("src=\"data:image/jpeg;base64,/9j/"), page); // samples
      assertTrue(page.contains("core-seconds"), page);
      assertTrue(page.contains(ended.head()), page);
      assertTrue(page.contains("spatial"), page);
    }
  }

  @Test
  void thePageIsWrittenOnceMore(@TempDir Path own) throws IOException {
    Path run = Path.of(first.path("run"));
    byte[] page = Files.readAllBytes(run.resolve("report.html"));
    Path copy = own.resolve("copy.html");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream said = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] args = {"report", run + "/", "--out", copy.toString()};
    assertEquals(0, Main.run(args, said, said), out.toString(StandardCharsets.UTF_8));
    assertArrayEquals(page, Files.readAllBytes(copy));
  }

  @Test
  void whatThereIsToSeeIsOfTheSamples() throws IOException {
    for (Ended ended : List.of(first, again)) {
      JsonNode seen =
          Json.mapper().readTree(Path.of(ended.path("run")).resolve("inspection.json").toFile());
      JsonNode previews =
          Json.mapper().readTree(Path.of(ended.path("run")).resolve("previews.json").toFile());
      assertTrue(seen.required("doubtful").size() > 0, seen.toString());
      for (JsonNode sample : seen.required("doubtful")) {
        Path path = Path.of(sample.required("path").asText());
        assertEquals(Digest.of(Files.readAllBytes(path)), sample.required("key").asText());
        assertTrue(previews.required(sample.required("key").asText()).has("picture"));
      }
      double misses = 0;
      for (JsonNode cell : seen.required("cells")) {
        misses += cell.required("actual").equals(cell.required("predicted")) ? 0 : 1;
      }
      assertEquals(misses > 0, seen.required("mistakes").size() > 0);
    }
  }

  @Test
  void realWeightsAreComparedWithRandomOnes(@TempDir Path own) throws IOException {
    Path weights = own.resolve("mobilenet.safetensors");
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
      Files.copy(in, weights);
    }
    Pictures.write(own.resolve("pictures"), 2, 20, 5);
    Path config = own.resolve("job.yaml");
    Files.writeString(
        config,
        """
        name: real
        workspace: workspace
        source: {kind: folder, path: pictures}
        split: {train: 0.5, validation: 0, test: 0.5}
        backbone: {card: mobilenetv2.coco, weights: mobilenet.safetensors}
        train: {epochs: 6, learningRate: 0.02, baseline: true}
        publish: {exports: []}
        """,
        StandardCharsets.UTF_8);
    Ended ended = Launch.LOCAL.run("run", config.toString()).well();
    double random = ended.metric("randomWeightsAccuracy");
    assertTrue(random >= 0 && random <= 1, "random weights: " + random);
    assertTrue(ended.metric("accuracy") > 0.6, "accuracy " + ended.metric("accuracy"));
    assertEquals(40, ended.count("extracted"));
    assertTrue(ended.err().contains("baseline   40 extracted"), ended.err());
    assertTrue(String.join("\n", ended.out()).contains("with random weights"));
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
