package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose heads are solved. */
class ExactJobTest {
  @TempDir static Path folder;
  private static TinyJob job;
  private static Ended ridge;

  @BeforeAll
  static void solve() throws IOException {
    job = TinyJob.in(folder, 31);
    Pictures.write(job.pictures(), 3, 20, 31);
    ridge = job.run("head=ridge").well();
  }

  @Test
  void theChosenPenaltyIsSaid() {
    assertEquals("done", ridge.outcome());
    assertTrue(ridge.metric("accuracy") > 0.6, ridge.err());
    assertTrue(ridge.err().contains("15 tried, chosen train.l2 "), ridge.err());
    assertTrue(ridge.err().contains("leaveOneOutError"), ridge.err());
  }

  @Test
  void candidatesAndStatisticsAreKeptAndNothingIsDoneTwice() throws IOException {
    Path head = head();
    assertTrue(Files.size(head.resolve("statistics.bin")) > 100);
    JsonNode history = Json.mapper().readTree(head.resolve("history.json").toFile());
    assertEquals(15, history.required("candidates").size());
    Ended again = job.run("head=ridge").well();
    assertEquals(ridge.head(), again.head());
    assertTrue(again.err().contains("reused: 15 tried"), again.err());
  }

  @Test
  void workersAndFoldsOnlyChangeWhatTheyMust() throws IOException {
    Ended folds = job.run("head=ridge", "grid.folds=3", "grid.l2=[0.01, 1]").well();
    assertTrue(folds.err().contains("foldError"), folds.err());
    Ended lda = job.run("head=lda", "head.shrinkage=[0.2, 0.5]").well();
    assertTrue(lda.err().contains("2 tried, chosen head.shrinkage 0."), lda.err());
    assertNotEquals(ridge.head(), lda.head());
    assertTrue(lda.metric("accuracy") > 0.6, lda.err());
  }

  @Test
  void int8IsComparedByTheSameKindOfHead() throws IOException {
    Ended int8 =
        job.run(
                "head=ridge",
                "precision=int8",
                "precision.calibration=16",
                "precision.tolerance=0.5")
            .well();
    assertEquals("done", int8.outcome());
    assertTrue(Files.exists(Path.of(int8.path("precision"))));
  }

  private static Path head() throws IOException {
    try (Stream<Path> all = Files.walk(job.workspace().resolve("heads"))) {
      List<Path> found =
          all.filter(file -> file.endsWith("statistics.bin"))
              .filter(file -> holds(file, "train.l2"))
              .filter(file -> !holds(file, "foldError"))
              .toList();
      return found.get(0).getParent();
    }
  }

  private static boolean holds(Path statistics, String text) {
    try {
      return Files.readString(statistics.resolveSibling("history.json")).contains(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
