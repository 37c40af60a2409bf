package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a scheduler does with a job night after night. Each test is a story, as each run is a Spark.
 */
class OperationsTest {
  private static final String CHANGED = "train.epochs=3";

  @TempDir Path folder;
  private TinyJob job;

  private Ended command(String verb, String... options) throws IOException {
    return Launch.LOCAL.run(
        Stream.concat(Stream.of(verb, folder.resolve("tiny.yaml").toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private void begin(int pictures) throws IOException {
    job = TinyJob.in(folder, 4);
    Pictures.write(job.pictures(), 3, pictures / 3, 4);
  }

  private String inUse() throws IOException {
    return Files.readString(folder.resolve("workspace/models/tiny/latest")).strip();
  }

  private boolean exists(String name) {
    return Files.exists(folder.resolve("workspace").resolve(name));
  }

  @Test
  void nothingNewThenAMissedGateThenANewVersionThenARollback() throws IOException {
    begin(60);
    Ended first = command("run", "--if-changed").well();
    assertTrue(first.err().contains("changed    there is no earlier run"), first.err());
    assertUnchanged(first);
    assertGateMissed(first.metric("accuracy"));
    Ended second = command("run", "--if-changed", "-s", CHANGED).well();
    assertTrue(second.err().contains("changed    train.epochs\n"), second.err());
    assertEquals("2", inUse());
    assertRolledBack();
    Ended same = command("run", "-s", CHANGED).well();
    assertTrue(
        same.err().contains("version 2 is the same and was rolled back from: version 1 stays"),
        same.err());
    assertEquals("1", inUse());
  }

  private void assertUnchanged(Ended first) throws IOException {
    Ended again = command("run", "--if-changed", "-s", "lock.staleSeconds=9").well();
    assertEquals("unchanged", again.outcome());
    String nothing = "nothing new since run " + first.summary().required("runId").asText();
    assertEquals(nothing, again.summary().required("message").asText());
    assertTrue(again.out().contains(nothing), again.out()::toString);
    assertFalse(again.summary().required("seconds").has("extract"));
    assertEquals("1", inUse());
  }

  private void assertGateMissed(double accuracy) throws IOException {
    Ended missed =
        command(
            "run",
            "-s",
            "train.learningRate=0.000001",
            "-s",
            "gate.accuracy=>= last + 200pt", // no head has
            "-s",
            "gate.macroF1=>= 0.01");
    assertEquals(3, missed.status(), missed.err());
    double got = missed.metric("accuracy");
    String message = missed.summary().required("message").asText();
    assertTrue(
        message.startsWith("Cannot publish tiny: accuracy is " + got + ", wanted >= "), message);
    assertTrue(
        message.contains(
            "(version 1 has " + accuracy + "). Nothing was published; version 1 stays in use."),
        message);
    assertFalse(exists("models/tiny/2"));
    assertEquals("1", inUse());
    assertTrue(Files.exists(Path.of(missed.path("report")))); // to see why
    assertTrue(missed.summary().required("paths").path("bundle").isMissingNode());
  }

  private void assertRolledBack() throws IOException {
    Ended back = command("rollback").well();
    assertEquals("1", inUse());
    assertEquals(1, (int) back.metric("to"));
    assertEquals(2, (int) back.metric("from"));
    assertEquals(2, command("rollback", "--to", "7").status());
    command("rollback", "--to", "2").well();
    assertEquals("2", inUse());
    command("rollback").well();
  }

  @Test
  void gcTellsThenDeletesWhatNobodyNeeds() throws IOException {
    begin(60);
    Ended first = job.run("publish.keep=1").well();
    String features = Path.of(first.path("features")).getFileName().toString();
    job.verb("extract", "backbone.cut=flat").well();
    String other = other("features", features);
    Path half = folder.resolve("workspace/features/" + features + "/part-half.parquet");
    Files.write(half, new byte[1234]);
    Path never = Files.createDirectories(folder.resolve("workspace/models/tiny/2"));
    Files.write(never.resolve("head.safetensors"), new byte[77]);

    Ended recent = command("gc").well();
    assertEquals(0, recent.count("found"), () -> String.join("\n", recent.out()));

    Ended told = command("gc", "--older-than", "0").well();
    String text = String.join("\n", told.out());
    assertTrue(text.contains("features/" + other + "  (no version or recent run"), text);
    assertTrue(text.contains("             1,234 bytes  " + half + "  (half written)"), text);
    assertTrue(text.contains("                77 bytes  " + never + "  (never finished)"), text);
    assertFalse(text.contains(features + "  ("), text);
    assertEquals(3, told.count("found"), text);
    assertEquals(0, told.count("deletedBytes"));
    assertTrue(exists("features/" + other) && Files.exists(half));

    Ended deleted = command("gc", "--older-than", "0", "--delete").well();
    assertEquals(told.count("bytes"), deleted.count("deletedBytes"));
    assertFalse(exists("features/" + other) || Files.exists(half) || Files.exists(never));
    assertEquals(0, command("gc", "--older-than", "0").well().count("found"));

    Ended after = job.run(CHANGED, "publish.keep=1").well(); // all that it needs is there
    assertEquals(60, after.count("reused"));
    assertTrue(after.err().contains(", as before"), after.err());
    assertTrue(exists("models/tiny/2/bundle.json") && !exists("models/tiny/1"));
  }

  private String other(String kind, String not) throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("workspace").resolve(kind))) {
      List<String> others =
          folders.map(it -> it.getFileName().toString()).filter(it -> !it.equals(not)).toList();
      assertEquals(1, others.size(), others::toString);
      return others.get(0);
    }
  }

  @Test
  void whoeverHoldsTheLockKeepsOthersOut() throws IOException {
    begin(3);
    Path locks = Files.createDirectories(folder.resolve("workspace/locks"));
    Files.writeString(
        locks.resolve("run-77.json"),
        """
        {"runId": "20260101-000000-abcdefgh", "verb": "run", "host": "elsewhere", "pid": 5, "place": "",
         "since": "2026-01-01T00:00:00Z", "staleSeconds": 600, "beats": 3, "released": false}
        """);
    for (List<String> line :
        List.of(List.of("run"), List.of("index"), List.of("rollback"), List.of("gc", "--delete"))) {
      Ended refused = command(line.get(0), line.subList(1, line.size()).toArray(String[]::new));
      assertEquals(75, refused.status(), refused.err());
      String message = refused.summary().required("message").asText();
      assertTrue(
          message.startsWith(
              "Cannot %s: run 20260101-000000-abcdefgh (run on elsewhere, process 5"
                  .formatted(line.get(0))),
          message);
    }
    Ended told = command("gc").well();
    assertTrue(
        told.err().contains("gc: what follows may change, run 20260101-000000-abcdefgh"),
        told.err());
    assertFalse(exists("runs"));
  }

  @Test
  void aDayIsARunsInputAndSoIsASpanOfDays() throws IOException {
    begin(60);
    Files.createDirectories(folder.resolve("days"));
    Files.move(job.pictures(), folder.resolve("days/date=2026-01-31"));
    Pictures.write(folder.resolve("days/date=2026-02-01"), 3, 5, 9);
    String days = "source.path=" + folder.resolve("days");
    String day = days + "/date=${run-date}";
    command("run", "--run-date", "2026-01-31", "-s", day).well();
    assertTrue(exists("runs/last/tiny@2026-01-31.json"));
    assertEquals(
        "unchanged",
        command("run", "--if-changed", "--run-date", "2026-01-31", "-s", day).outcome());
    Ended absent = command("index", "--run-date", "2026-02-02", "-s", day);
    assertEquals(4, absent.status());
    assertTrue(absent.err().contains("date=2026-02-02"), absent.err());
    Ended without = command("run", "-s", day);
    assertEquals(2, without.status());
    assertTrue(
        without.err().contains("'source.path' names ${run-date}: add --run-date YYYY-MM-DD"),
        without.err());
    String since = "partitions.since=${run-date-1}";
    Ended both = command("index", "--run-date", "2026-02-01", "-s", days, "-s", since).well();
    assertEquals(75, both.count("indexed"));
    assertTrue(both.err().contains("75 samples of 3 classes"), both.err());
    Ended one = command("index", "--run-date", "2026-02-02", "-s", days, "-s", since).well();
    assertEquals(15, one.count("indexed"));
    Ended none = command("index", "--run-date", "2026-02-03", "-s", days, "-s", since);
    assertEquals(4, none.status());
    assertTrue(
        none.err().contains("it has nothing of date 2026-02-02 to the last. Wait"), none.err());
  }
}
