package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler does with a job night after night: nothing new, gates, rollback, gc. */
class OperationsTest {
  private static final String WORSE = "train.epochs=1";
  private static final String WORSE_RATE = "train.learningRate=0.000001";

  @TempDir static Path before;
  private static Ended first;

  @TempDir Path folder;
  private TinyJob job;

  @BeforeAll
  static void runOnce() throws IOException {
    TinyJob done = TinyJob.in(before, 4);
    Pictures.write(done.pictures(), 3, 20, 4);
    first = done.run().well();
  }

  /** At the same place, as configs and bundles name it. */
  @BeforeEach
  void copyAllThatTheFirstRunLeft() throws IOException {
    Folders.copy(before, folder);
    Path last = folder.resolve("workspace/runs/last/tiny.json");
    Files.writeString(last, Files.readString(last).replace(before.toString(), folder.toString()));
    String yaml = Files.readString(folder.resolve("tiny.yaml"));
    Files.writeString(
        folder.resolve("tiny.yaml"), yaml.replace(before.toString(), folder.toString()));
    job = new TinyJob(folder, Launch.LOCAL);
  }

  private Ended command(String verb, String... options) throws IOException {
    return Launch.LOCAL.run(
        Stream.concat(Stream.of(verb, folder.resolve("tiny.yaml").toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private String inUse() throws IOException {
    return Files.readString(folder.resolve("workspace/models/tiny/latest")).strip();
  }

  private boolean exists(String name) {
    return Files.exists(folder.resolve("workspace").resolve(name));
  }

  private void assertRuns(Ended ended, String why) {
    assertEquals("done", ended.well().outcome());
    assertTrue(ended.err().contains("changed    " + why), ended.err());
  }

  @Test
  void aRunIfChangedDoesNothingUntilSomethingIsNew() throws IOException {
    Ended again = command("run", "--if-changed").well();
    assertEquals("unchanged", again.outcome());
    String nothing = "nothing new since run " + first.summary().required("runId").asText();
    assertEquals(nothing, again.summary().required("message").asText());
    assertTrue(again.out().contains(nothing), again.out()::toString);
    assertFalse(again.summary().required("seconds").has("extract"));
    assertEquals("1", inUse());

    assertRuns(command("run", "--if-changed", "-s", "train.epochs=3"), "train.epochs\n");
    assertEquals("2", inUse());
    assertEquals("unchanged", command("run", "--if-changed", "-s", "train.epochs=3").outcome());

    Pictures.one(job.pictures(), 0, 3, 1000, 4);
    assertRuns(
        command("run", "--if-changed", "-s", "train.epochs=3", "-s", "lock.staleSeconds=9"),
        "the samples\n");
    assertEquals("3", inUse());
  }

  @Test
  void otherWeightsAndAMissingVersionAreNews() throws IOException {
    TinyJob.in(folder.resolve("others"), 5);
    Files.copy(
        folder.resolve("others/weights.zip"),
        folder.resolve("weights.zip"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRuns(command("run", "--if-changed"), "the network\n");
    Folders.delete(folder.resolve("workspace/models/tiny/2"));
    assertRuns(command("run", "--if-changed"), "there is no earlier run that published\n");
  }

  @Test
  void aMissedGateEndsWith3AndPublishesNothing() throws IOException {
    double accuracy = first.metric("accuracy");
    Ended missed =
        command(
            "run",
            "-s",
            WORSE,
            "-s",
            WORSE_RATE,
            "-s",
            "gate.accuracy=>= last - 0.5pt",
            "-s",
            "gate.macroF1=>= 0.01");
    assertEquals(3, missed.status(), missed.err());
    double got = missed.metric("accuracy");
    assertTrue(got < accuracy - 0.005, got + " " + accuracy);
    String message = missed.summary().required("message").asText();
    assertTrue(
        message.startsWith("Cannot publish tiny: accuracy is " + got + ", wanted >= "), message);
    assertTrue(
        message.contains(
            "(version 1 has " + accuracy + "). Nothing was published; version 1 stays in use."),
        message);
    assertFalse(exists("models/tiny/2"));
    assertEquals("1", inUse());
    assertTrue(missed.summary().required("paths").path("bundle").isMissingNode());
    assertEquals(
        "done",
        command("run", "-s", WORSE, "-s", WORSE_RATE, "-s", "gate.accuracy=>= last - 100pt")
            .well()
            .outcome());
    assertEquals("2", inUse());
  }

  @Test
  void anUnknownMetricOfAGateEndsWith2() throws IOException {
    Ended ended = command("run", "-s", "gate.acc=>= 0.1");
    assertEquals(2, ended.status());
    assertTrue(ended.err().contains("Cannot check the gate 'acc'"), ended.err());
  }

  @Test
  void aRollbackHoldsUntilThereIsSomethingNew() throws IOException {
    command("run", "-s", "train.epochs=2").well();
    assertEquals("2", inUse());
    Ended back = command("rollback").well();
    assertEquals("1", inUse());
    assertEquals(1, (int) back.metric("to"));
    assertEquals(2, (int) back.metric("from"));
    Ended same = command("run", "-s", "train.epochs=2").well();
    assertTrue(
        same.err().contains("version 2 is the same and was rolled back from: version 1 stays"),
        same.err());
    assertEquals("1", inUse());
    assertEquals(2, command("rollback", "--to", "7").status());
    command("rollback", "--to", "2").well();
    assertEquals("2", inUse());
  }

  @Test
  void onlyTheNewestVersionsAreKept() throws IOException {
    command("run", "-s", "train.epochs=2", "-s", "publish.keep=2").well();
    assertTrue(exists("models/tiny/1"));
    Ended third = command("run", "-s", "train.epochs=3", "-s", "publish.keep=2").well();
    assertFalse(exists("models/tiny/1"));
    assertTrue(exists("models/tiny/2/bundle.json") && exists("models/tiny/3/bundle.json"));
    assertTrue(third.err().contains("(publish.keep: 2)"), third.err());
  }

  @Test
  void gcTellsThenDeletesWhatNobodyNeeds() throws IOException {
    String features = Path.of(first.path("features")).getFileName().toString();
    job.verb("train", "backbone.cut=flat", "train.epochs=2").well();
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
    assertTrue(told.count("bytes") > 1234 + 77);
    assertEquals(0, told.count("deletedBytes"));
    assertTrue(exists("features/" + other) && Files.exists(half));

    Ended deleted = command("gc", "--older-than", "0", "--delete").well();
    assertEquals(told.count("bytes"), deleted.count("deletedBytes"));
    assertFalse(exists("features/" + other) || Files.exists(half) || Files.exists(never));
    assertEquals(0, command("gc", "--older-than", "0").well().count("found"));

    Ended after = job.run().well(); // all that it needs is there
    assertEquals(60, after.count("reused"));
    assertEquals(first.head(), after.head());
    assertTrue(after.err().contains("train      reused: "), after.err());
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
    Path locks = folder.resolve("workspace/locks");
    Files.writeString(
        locks.resolve("run-77.json"),
        """
        {"runId": "20260101-000000-abcdefgh", "verb": "run", "host": "elsewhere", "pid": 5, "place": "",
         "since": "2026-01-01T00:00:00Z", "staleSeconds": 600, "beats": 3, "released": false}
        """,
        StandardCharsets.UTF_8);
    for (String[] options : new String[][] {{"run"}, {"index"}, {"rollback"}, {"gc", "--delete"}}) {
      Ended refused = options.length == 1 ? command(options[0]) : command(options[0], options[1]);
      assertEquals(75, refused.status(), refused.err());
      String message = refused.summary().required("message").asText();
      assertTrue(
          message.startsWith(
              "Cannot "
                  + options[0]
                  + ": run 20260101-000000-abcdefgh (run on elsewhere, process 5"),
          message);
    }
    Ended told = command("gc").well();
    assertTrue(
        told.err().contains("gc: what follows may change, run 20260101-000000-abcdefgh"),
        told.err());
    assertEquals("1", inUse());
  }

  @Test
  void aRunDateNamesAPartitionAndBackFillsHaveARecordEach() throws IOException {
    Files.createDirectories(folder.resolve("days"));
    Files.move(job.pictures(), folder.resolve("days/date=2026-01-31"));
    String path = "source.path=" + folder.resolve("days") + "/date=${run-date}";
    command("run", "--run-date", "2026-01-31", "-s", path).well();
    Ended absent = command("run", "--run-date", "2026-02-01", "-s", path);
    assertEquals(4, absent.status());
    assertTrue(absent.err().contains("date=2026-02-01"), absent.err());
    Folders.copy(folder.resolve("days/date=2026-01-31"), folder.resolve("days/date=2026-02-01"));
    String[] second = {"--if-changed", "--run-date", "2026-02-01", "-s", path};
    assertEquals("done", command("run", second).well().outcome());
    assertEquals("unchanged", command("run", second).well().outcome());
    Ended backFilled = command("run", "--if-changed", "--run-date", "2026-01-31", "-s", path);
    assertEquals("unchanged", backFilled.outcome());
    Ended without = command("run", "-s", path);
    assertEquals(2, without.status());
    assertTrue(
        without.err().contains("'source.path' names ${run-date}: add --run-date YYYY-MM-DD"),
        without.err());
  }

  @Test
  void onlyTheSamplesOfTheWantedDaysAreTaken() throws IOException {
    Files.createDirectories(folder.resolve("days"));
    Files.move(job.pictures(), folder.resolve("days/date=2026-01-31"));
    Pictures.write(folder.resolve("days/date=2026-02-01"), 3, 5, 9);
    String path = "source.path=" + folder.resolve("days");
    String[] lastDay = {"--run-date", "2026-02-01", "-s", path, "-s"};
    Ended one = command("index", with(lastDay, "partitions.since=${run-date}")).well();
    assertEquals(15, one.count("indexed"));
    assertTrue(one.err().contains("15 samples of 3 classes"), one.err());
    Ended both = command("index", with(lastDay, "partitions.since=${run-date-1}")).well();
    assertEquals(75, both.count("indexed"));
    Ended before = command("index", with(lastDay, "partitions.until=${run-date-1}")).well();
    assertEquals(60, before.count("indexed"));
    Ended none = command("index", with(lastDay, "partitions.since=${run-date+1}"));
    assertEquals(4, none.status());
    assertTrue(
        none.err().contains("it has nothing of date 2026-02-02 to the last. Wait"), none.err());
  }

  private static String[] with(String[] options, String last) {
    return Stream.concat(Stream.of(options), Stream.of(last)).toArray(String[]::new);
  }
}
