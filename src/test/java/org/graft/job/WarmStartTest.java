package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.graft.bundle.BundleReader;
import org.graft.common.Json;
import org.graft.common.LocalStorage;
import org.graft.head.TrainedHead;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that begin with the version in use, while samples and classes come and go. */
class WarmStartTest {
  private static final String WARM = "train.warmStart=last";

  @TempDir Path folder;

  private TinyJob begun() throws IOException {
    TinyJob job = TinyJob.in(folder, 41);
    for (int of = 0; of < 3; of++) {
      for (int index = 0; index < 30; index++) {
        Pictures.one(job.pictures(), of, 4, index, 41);
      }
    }
    return job;
  }

  /** The third class goes, with 30 pictures, a fourth comes, and 30 more of the first. */
  private static void change(TinyJob job, int ofFourth) throws IOException {
    Folders.delete(job.pictures().resolve("class-002"));
    for (int index = 0; index < ofFourth; index++) {
      Pictures.one(job.pictures(), 3, 4, index, 41);
    }
    for (int index = 0; index < 30; index++) {
      Pictures.one(job.pictures(), 0, 4, 100 + index, 41);
    }
  }

  private static JsonNode lineage(Ended ended) throws IOException {
    Path manifest = Path.of(ended.path("bundle"), "bundle.json");
    return Json.mapper().readTree(manifest.toFile()).required("provenance").path("lineage");
  }

  private static TrainedHead head(Ended ended) throws IOException {
    return new BundleReader(new LocalStorage()).head(ended.path("bundle"));
  }

  private double firstLoss(String workspace, Ended ended) throws IOException {
    Path history =
        folder.resolve(workspace + "/heads/" + lineage(ended).required("training").asText());
    return Json.mapper()
        .readTree(history.resolve("history.json").toFile())
        .required("epochs")
        .required(0)
        .required("loss")
        .asDouble();
  }

  @Test
  void anAveragedHeadGoesOnFromTheLastVersion() throws IOException {
    TinyJob job = begun();
    Ended first = job.run(WARM).well();
    assertTrue(first.err().contains("begins afresh: there is no version yet"), first.err());
    assertTrue(lineage(first).path("version").isMissingNode());
    change(job, 8);
    Ended second = job.run(WARM).well();
    assertTrue(second.err().contains("begins with the head of version 1"), second.err());
    assertEquals(1, lineage(second).required("version").asInt());
    assertEquals(first.head(), lineage(second).required("headSha256").asText());
    assertEquals(List.of("class-000", "class-001", "class-003"), head(second).labels().names());
    assertSameAgain(job, second);

    Ended cold = job.run(WARM, "workspace=" + folder.resolve("other")).well();
    assertNotEquals(second.head(), cold.head());
    double warmLoss = firstLoss("workspace", second);
    double coldLoss = firstLoss("other", cold);
    assertTrue(warmLoss < 0.9 * coldLoss, warmLoss + " after a warm start, else " + coldLoss);
  }

  /** A repeated run neither trains nor publishes again. */
  private static void assertSameAgain(TinyJob job, Ended before) throws IOException {
    Ended again = job.run(WARM).well();
    assertTrue(again.err().contains("train      reused: "), again.err());
    assertEquals(before.path("bundle"), again.path("bundle"));
  }

  @Test
  void aSolvedHeadReadsOnlyWhatCameAndWent() throws IOException {
    TinyJob job = begun();
    Ended first = job.run(WARM, "head=lda", "head.shrinkage=[0.2]").well();
    assertFalse(first.err().contains("not read again"), first.err());
    change(job, 30);
    Ended second = job.run(WARM, "head=lda", "head.shrinkage=[0.2]").well();
    assertTrue(second.err().contains("begins with the sums of version 1"), second.err());
    assertCounted(second);
    assertEquals(1, lineage(second).required("version").asInt());
    Ended all =
        job.run("head=lda", "head.shrinkage=[0.2]", "workspace=" + folder.resolve("other")).well();
    // sums differ by rounding in double precision, far below the head's single precision
    assertEquals(all.head(), second.head());
  }

  /** By the index's own splits: the training samples of the changed classes. */
  private static void assertCounted(Ended ended) throws IOException {
    JsonNode perLabel =
        Json.mapper().readTree(Path.of(ended.path("dataset")).toFile()).required("perLabel");
    long now = perLabel.required("").required("train").asLong();
    long fourth = perLabel.required("class-003").required("train").asLong();
    long kept = perLabel.required("class-001").required("train").asLong();
    String line =
        ended.err().lines().filter(it -> it.contains("not read again")).findFirst().orElseThrow();
    List<Long> numbers =
        Pattern.compile("\\d+")
            .matcher(line)
            .results()
            .map(it -> Long.valueOf(it.group()))
            .toList();
    long came = numbers.get(0);
    assertEquals(now, came + numbers.get(2), line);
    assertTrue(came > fourth && came < now - kept, line);
    assertTrue(numbers.get(1) > 10, line);
  }

  @Test
  void aRidgeHeadKeepsWhatWasChosenUntilMostIsOther() throws IOException {
    TinyJob job = begun();
    Ended first = job.run(WARM, "head=ridge").well();
    change(job, 30);
    Ended updated = job.run(WARM, "head=ridge").well();
    String chosen = first.err().replaceAll("(?s).*chosen (train.l2 [0-9.]+).*", "$1");
    assertTrue(
        updated.err().contains("1 tried, chosen " + chosen + ": temperature "), updated.err());
    for (int index = 4; index < 30; index++) {
      Files.delete(Pictures.file(job.pictures(), 0, index));
      Files.delete(Pictures.file(job.pictures(), 1, index));
      Files.delete(Pictures.file(job.pictures(), 0, 96 + index));
    }
    Ended most = job.run(WARM, "head=ridge").well();
    assertTrue(most.err().contains("more samples went than stayed"), most.err());
    assertTrue(lineage(most).path("version").isMissingNode());
  }
}
