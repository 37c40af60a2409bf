package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several heads in one run. */
class GridTest {
  @TempDir static Path folder;
  private static TinyJob job;

  @BeforeAll
  static void makePictures() throws IOException {
    job = TinyJob.in(folder, 31);
    Pictures.write(job.pictures(), 3, 24, 31);
    StringBuilder csv = new StringBuilder("path,kind,half\n");
    int i = 0;
    for (Path file : Pictures.in(job.pictures())) {
      String kind = file.getParent().getFileName().toString();
      String half = i % 6 == 5 ? "" : kind.equals("class-000") ? "first" : "others";
      csv.append("%s,%s,%s%n".formatted(folder.relativize(file), kind, half));
      i++;
    }
    Files.writeString(folder.resolve("list.csv"), csv);
  }

  private static JsonNode json(Ended ended, String path) throws IOException {
    return Json.mapper().readTree(Path.of(ended.path(path)).toFile());
  }

  private static List<JsonNode> chosen(JsonNode heads) {
    List<JsonNode> chosen = new ArrayList<>();
    heads.forEach(
        head -> {
          if (head.required("chosen").asBoolean()) {
            chosen.add(head);
          }
        });
    return chosen;
  }

  @Test
  void theBestOfTheGridIsPublishedAndAllAreShown() throws IOException {
    String[] settings = {
      "train.method=optimum", "grid.l2=[10, 0.01]", "grid.classWeights=[none, balanced]"
    };
    Ended ended = job.run(settings).well();
    JsonNode heads = json(ended, "heads");
    assertEquals(4, heads.size());
    JsonNode best = chosen(heads).get(0);
    assertEquals("0.01", best.required("settings").required("train.l2").asText());
    for (JsonNode head : heads) {
      double loss = head.required("scores").required("validationLoss").asDouble();
      assertTrue(loss >= best.required("scores").required("validationLoss").asDouble());
    }
    assertPage(Files.readString(Path.of(ended.path("report"))), heads);
    String table = String.join("\n", ended.out());
    assertTrue(table.contains("  train.classWeights balanced  train.l2 10.0"), table);
    assertEquals(1, ended.out().stream().filter(line -> line.startsWith("* ")).count(), table);
    assertTrue(ended.metric("accuracy") > 0.6, table);
    Ended again = job.run(settings).well();
    assertEquals(ended.head(), again.head());
    assertTrue(again.err().contains("reused: "), again.err());
    Ended folds = job.verb("train", "train.method=optimum", "grid.l2=[10, 0.01]", "grid.folds=3");
    assertEquals(2, json(folds.well(), "heads").size());
    assertFalse(folds.err().contains("warning: no optimum"), folds.err());
  }

  /** Every head has its row, in their order, and the one that is published says so. */
  private static void assertPage(String page, JsonNode heads) {
    String tried = page.substring(page.indexOf("Heads that were tried</h2>"));
    String[] rows = tried.substring(0, tried.indexOf("</table>")).split("<tr>", -1);
    assertEquals(2 + heads.size(), rows.length, tried); // what is before, and the names
    for (int i = 0; i < heads.size(); i++) {
      String row = rows[2 + i];
      for (JsonNode setting : heads.get(i).required("settings")) {
        assertTrue(row.contains(">" + setting.asText() + "</td>"), row);
      }
      assertEquals(heads.get(i).required("chosen").asBoolean(), row.contains("chosen"), row);
    }
  }

  @Test
  void aHeadThatIsNotAtItsOptimumIsNotSilent() throws IOException {
    Ended ended = job.verb("train", "train.method=optimum", "train.convergence.iterations=2");
    assertTrue(
        ended.well().err().contains("warning: no optimum was found in 2 iterations"), ended.err());
    Ended separable = job.verb("train", "train.method=optimum", "train.l2=0");
    assertEquals(
        json(separable.well(), "heads")
                .get(0)
                .required("scores")
                .required("trainingAccuracy")
                .asDouble()
            == 1,
        separable.err().contains("every training sample is right and train.l2 is 0"),
        separable.err());
  }

  @Test
  void theBestCutIsPublished() throws IOException {
    Ended ended = job.run("grid.cut=[flat, spatial]", "train.method=optimum").well();
    JsonNode heads = json(ended, "heads");
    assertEquals(2, heads.size());
    String best = chosen(heads).get(0).required("settings").required("backbone.cut").asText();
    JsonNode bundle = Json.mapper().readTree(Path.of(ended.path("bundle"), "bundle.json").toFile());
    assertEquals(best, bundle.required("cut").asText());
    for (JsonNode head : heads) {
      assertTrue(
          head.required("scores").required("validationLoss").asDouble()
              >= chosen(heads).get(0).required("scores").required("validationLoss").asDouble());
    }
    Ended alone = job.run("backbone.cut=" + best, "train.method=optimum").well();
    assertEquals(alone.head(), ended.head());
  }

  @Test
  void everyColumnOfLabelsIsAModel() throws IOException {
    String[] source = {
      "source.kind=manifest",
      "source.path=" + folder.resolve("list.csv"),
      "workspace=" + folder.resolve("of-columns")
    };
    for (String method : List.of("optimum", "averaging")) {
      Ended ended =
          job.run(with(source, "train.method=" + method, "grid.labelColumn=[half, kind]")).well();
      assertTrue(ended.metric("half.accuracy") > 0.6, ended.err());
      assertTrue(ended.metric("kind.accuracy") > 0.5, ended.err());
      Path half = Path.of(ended.path("half.bundle"));
      assertEquals("tiny.half", half.getParent().getFileName().toString());
      assertEquals(
          "[\"first\",\"others\"]",
          Json.mapper()
              .readTree(half.resolve("bundle.json").toFile())
              .required("labels")
              .toString());
      int tested = json(ended, "kind.evaluation").required("samples").asInt();
      assertTrue(json(ended, "half.evaluation").required("samples").asInt() < tested);
      assertEquals(2, chosen(json(ended, "heads")).size());
      assertEquals(72, ended.count("extracted") + ended.count("reused"));
    }
    Ended one = job.run(with(source, "grid.labelColumn=[kind]", "train.method=averaging"));
    assertEquals("tiny", Path.of(one.well().path("bundle")).getParent().getFileName().toString());
    Ended none = job.run(with(source, "grid.labelColumn=[kin]"));
    assertEquals(2, none.status());
    assertTrue(none.err().contains("has no column 'kin'"), none.err());
  }

  private static String[] with(String[] settings, String... more) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
