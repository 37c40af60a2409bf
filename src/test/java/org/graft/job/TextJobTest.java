package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts from every kind of source, through a genuine sentence model, to a bundle that scores. */
class TextJobTest {
  private static final int MAILS = 50;
  private static final int LONGEST = 150;

  private static final Launch LOCAL =
      new Launch("local[2]", Map.of("spark.sql.shuffle.partitions", "2"), null);

  @TempDir static Path folder;
  private static Path config;
  private static Ended lines;

  @BeforeAll
  static void trainOnLines() throws IOException {
    config = folder.resolve("mails.yaml");
    Files.writeString(
        config,
        """
        name: mails
        workspace: workspace
        source: {kind: text, path: mails.jsonl}
        split: {train: 0.6, validation: 0.1, test: 0.3}
        backbone: {card: minilm_l6_int8.st, cut: layer4, batch: 32}
        train: {method: optimum}
        publish: {exports: []}
        """);
    List<String> some = mails();
    Files.write(folder.resolve("mails.jsonl"), some);
    for (String line : some) {
      Map<String, Object> mail = mail(line);
      Path file = folder.resolve("mails").resolve(mail.get("label") + "/" + name(mail) + ".txt");
      Files.createDirectories(file.getParent());
      Files.writeString(file, (String) mail.get("text"));
    }
    lines = run("run").well();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      var table = spark.read().json(folder.resolve("mails.jsonl").toString());
      table.write().parquet(folder.resolve("mails.parquet").toString());
      StringBuilder csv = new StringBuilder("label,text\n");
      for (Row row : table.collectAsList()) {
        String text = row.<String>getAs("text").replace("\"", "\"\"");
        csv.append(row.<String>getAs("label")).append(",\"").append(text).append("\"\n");
      }
      Files.writeString(folder.resolve("mails.csv"), csv);
    }
  }

  /** The first of each kind, cut short: they are there to be read, not to be understood. */
  private static List<String> mails() throws IOException {
    List<String> some = new ArrayList<>();
    List<String> all = Files.readAllLines(Path.of("conf/quickstart/mails.jsonl"));
    for (int i = 0; i < all.size(); i += all.size() / MAILS) {
      Map<String, Object> mail = mail(all.get(i));
      String text = (String) mail.get("text");
      mail.put("text", text.substring(0, Math.min(LONGEST, text.length())));
      some.add(Json.line(mail));
    }
    return some;
  }

  private static Map<String, Object> mail(String line) {
    return Json.readMap(line.getBytes(StandardCharsets.UTF_8), "mail");
  }

  private static String name(Map<String, Object> mail) {
    return ((String) mail.get("path")).replace('/', '-');
  }

  private static Ended run(String verb, String... settings) throws IOException {
    List<String> args = new ArrayList<>(List.of(verb, config.toString()));
    for (String setting : settings) {
      args.add("-s");
      args.add(setting.replace("source.path=", "source.path=" + folder + "/"));
    }
    return LOCAL.run(args.toArray(String[]::new));
  }

  @Test
  void aPlanCountsNoPicturesWhereThereAreNone() throws IOException {
    Ended plan = run("plan").well();
    String said = String.join("\n", plan.out());
    assertTrue(said.contains("memory: files"), said);
    assertFalse(said.contains("memory: pictures"), said);
    assertEquals(
        0, plan.summary().required("metrics").required("memory").required("pictures").asLong());
  }

  @Test
  void aSentenceModelTellsMailsApart() {
    assertEquals(MAILS, lines.count("indexed"));
    assertEquals(MAILS, lines.count("extracted") + lines.count("duplicates"));
    assertTrue(lines.metric("accuracy") >= 0.7, lines.err());
  }

  @Test
  void theSameTextsOfOtherSourcesAreTheSameSamples() throws IOException {
    for (String[] source :
        new String[][] {
          {"source.path=mails.csv"},
          {"source.path=mails.parquet"},
          {"source.kind=folder", "source.path=mails"}
        }) {
      Ended ended = run("extract", source).well();
      assertEquals(MAILS, ended.count("reused") + ended.count("duplicates"), source[0]);
    }
  }

  @Test
  void theBundleScoresTextsByItself() throws IOException {
    Path score = folder.resolve("score.yaml");
    Files.writeString(
        score,
        """
        bundle: workspace/models/mails
        source: {kind: text, path: mails.jsonl}
        output: predictions
        """);
    Ended ended = LOCAL.run("score", score.toString()).well();
    assertEquals(MAILS, ended.count("scored"));
  }

  @Test
  void aNetworkIn8BitsIsComparedOnTheTextsAndItsBundleScoresSo() throws IOException {
    Ended int8 =
        run(
                "run",
                "name=int8",
                "backbone.card=minilm_l6.st",
                "precision=int8",
                "precision.probe=40",
                "precision.tolerance=0.5")
            .well();
    double cosine = int8.metric("precisionCosine");
    assertTrue(cosine > 0.99 && cosine < 1, int8.err());
    var report = Json.readMap(Files.readAllBytes(Path.of(int8.path("precision"))), "report");
    assertEquals(0, report.get("calibrationSamples"));
    assertFalse(Files.exists(folder.resolve("workspace/calibrations")));
    Path score = folder.resolve("score-int8.yaml");
    Files.writeString(
        score,
        """
        bundle: workspace/models/int8
        source: {kind: text, path: mails.jsonl}
        output: predictions-int8
        """);
    assertEquals(MAILS, LOCAL.run("score", score.toString()).well().count("scored"));
    assertEquals(
        int8.head(),
        run(
                "train",
                "name=int8",
                "backbone.card=minilm_l6.st",
                "precision=int8",
                "precision.probe=40",
                "precision.tolerance=0.5")
            .well()
            .head());
  }

  @Test
  void pairsAreReadSideBySide() throws IOException {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pairs.add(
          Json.line(
              Map.of(
                  "question", "Is number " + i + " even?",
                  "answer", i % 3 == 0 ? "Yes." : "No, the weather is fine.",
                  "label", i % 3 == 0 ? "a" : "b")));
    }
    Files.write(folder.resolve("pairs.jsonl"), pairs);
    Ended ended =
        run(
                "run",
                "name=pairs",
                "source.path=pairs.jsonl",
                "source.textColumn=question",
                "source.pairColumn=answer")
            .well();
    assertEquals(40, ended.count("extracted"));
    assertTrue(ended.metric("accuracy") > 0.9, ended.err());
  }

  @Test
  void badTextsAreRejectedAndCounted() throws IOException {
    List<String> some = new ArrayList<>(mails().subList(0, 30));
    some.add("{\"label\": \"ham\", \"text\": \"\"}");
    some.add("{\"label\": \"ham\", \"text\": \"  \\n \"}");
    some.add("{\"label\": \"ham\", \"text\": \"cut\\u0000off\"}");
    some.add("{\"label\": \"ham\", \"text\": \"not\\ufffdUTF-8\"}");
    some.add("{\"label\": \"ham\"}");
    Files.write(folder.resolve("bad.jsonl"), some);
    Ended ended = run("extract", "source.path=bad.jsonl", "limits.rejected=0.5").well();
    assertEquals(some.size(), ended.count("indexed"));
    assertEquals(5, ended.count("rejected"));
  }

  @Test
  void textsAndPicturesMixedUpAreToldFromEachOther() throws IOException {
    Ended textsForPictures =
        run("extract", "backbone.card=mobilenetv2.coco", "backbone.cut=avgpool");
    assertEquals(ExitCode.BAD_INPUT.status(), textsForPictures.status());
    assertError(textsForPictures, "it has texts, and mobilenetv2.coco reads pictures.");
    Pictures.write(folder.resolve("pictures"), 2, 6, 1);
    Ended picturesForTexts = run("extract", "source.kind=folder", "source.path=pictures");
    assertEquals(ExitCode.TOO_MANY_REJECTED.status(), picturesForTexts.status());
    assertError(picturesForTexts, "it is no text, but a PNG picture");
    Ended views = run("extract", "extract.views=3");
    assertError(
        views, "Cannot extract 3 views of each sample: minilm_l6_int8.st reads no pictures.");
  }

  private static void assertError(Ended ended, String part) {
    JsonNode error = ended.summary().path("error");
    assertTrue((error + ended.err()).contains(part), ended.err());
  }

  @Test
  void theNetworkIsNotExportedForOtherPrograms() throws IOException {
    Ended ended = run("run", "publish.exports=[onnx]");
    assertEquals(ExitCode.BAD_INPUT.status(), ended.status());
    assertError(ended, "only networks for pictures are written for them. Set publish.exports: []");
  }

  @Test
  void aMissingColumnIsNamed() throws IOException {
    assertError(run("index", "source.textColumn=txt"), "no column 'txt'");
    assertError(run("index", "source.pairColumn=answer"), "no column 'answer'");
  }
}
