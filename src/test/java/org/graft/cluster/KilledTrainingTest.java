package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.common.Json;
import org.graft.job.Launch;
import org.graft.job.TinyJob;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A driver that is killed at any moment, again and again, ends in the head and the history of one
 * that nobody disturbed, and does few rounds twice. {@code -Dgraft.kills=20} kills twenty times.
 */
class KilledTrainingTest {
  private static final int KILLS = Integer.getInteger("graft.kills", 3);
  private static final int CHECKPOINT_ROUNDS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  @TempDir Path folder;
  private TinyJob job;
  private Path rounds;
  private Path workspace;

  @Test
  void theHeadIsThatOfAnUndisturbedRun() throws Exception {
    job = TinyJob.in(folder.resolve("job"), 6);
    Pictures.write(job.pictures(), 3, 30, 6);
    rounds = folder.resolve("rounds");
    workspace = folder.resolve("job/workspace");
    job.on(Launch.on("local[2]")).verb("train", settings()).well();
    byte[] head = Files.readAllBytes(only("head.safetensors"));
    Map<String, Object> history = history();
    Random random = new Random(23);
    for (int kills = 0; kills < KILLS; ) {
      Folders.delete(workspace.resolve("heads")); // another training begins
      Files.deleteIfExists(rounds);
      int before = kills;
      boolean ended = false;
      while (!ended) {
        ended = kills == KILLS ? finished() : !killed(random);
        kills += ended ? 0 : 1;
      }
      assertArrayEquals(head, Files.readAllBytes(only("head.safetensors")));
      assertEquals(history, history());
      assertFalse(Files.exists(only("history.json").resolveSibling("checkpoints")));
      assertFewRoundsTwice(rounds(history).size(), kills - before);
    }
  }

  private void assertFewRoundsTwice(int needed, int kills) throws IOException {
    List<String> done = Files.readAllLines(rounds);
    System.out.printf("%d kills: %d rounds, %d needed%n", kills, done.size(), needed);
    assertEquals(needed, new HashSet<>(done).size());
    int most = needed + kills * (CHECKPOINT_ROUNDS + 1);
    assertTrue(done.size() <= most, done.size() + " rounds were done, at most " + most);
  }

  /** SIGKILL, mostly some rounds on, sometimes before any; false if it ended before that. */
  private boolean killed(Random random) throws Exception {
    boolean early = random.nextInt(4) == 0;
    long goal = roundsDone() + 1 + random.nextInt(60);
    long begin = System.nanoTime();
    Duration moment = Duration.ofMillis(early ? random.nextInt(6000) : PATIENCE.toMillis());
    try (JavaProcess process = start()) {
      Watch.until(
          () ->
              !process.process().isAlive()
                  || (!early && roundsDone() >= goal)
                  || System.nanoTime() - begin > moment.toNanos(),
          PATIENCE);
      if (!process.process().isAlive()) {
        assertWell(process);
        return false;
      }
      process.process().destroyForcibly().waitFor();
      return true;
    }
  }

  private boolean finished() throws Exception {
    try (JavaProcess process = start()) {
      Watch.until(() -> !process.process().isAlive(), PATIENCE);
      assertWell(process);
      return true;
    }
  }

  private void assertWell(JavaProcess process) throws IOException {
    assertEquals(0, process.process().exitValue(), Files.readString(log()));
  }

  private long roundsDone() {
    try {
      return Files.exists(rounds) ? Files.readAllLines(rounds).size() : 0;
    } catch (IOException e) {
      return 0; // looked at again soon
    }
  }

  private Path log() {
    return folder.resolve("log");
  }

  private JavaProcess start() throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TrainingProcess.class.getName(), rounds.toString(), "train"));
    command.add(job.folder().resolve("tiny.yaml").toString());
    for (String setting : settings()) {
      command.addAll(List.of("-s", setting));
    }
    return JavaProcess.start(
        command, Map.of("OMP_NUM_THREADS", "1", "SPARK_LOCAL_IP", "127.0.0.1"), log());
  }

  /** Some hundred and eighty rounds. */
  private String[] settings() {
    return new String[] {
      "train.epochs=30",
      "train.patience=30",
      "train.batch=3",
      "averaging.localSteps=1",
      "averaging.localStepsMost=2",
      "averaging.serverMomentum=0.3",
      "train.checkpoint.rounds=" + CHECKPOINT_ROUNDS
    };
  }

  private Path only(String name) throws IOException {
    try (Stream<Path> files = Files.walk(workspace.resolve("heads"))) {
      List<Path> found = files.filter(file -> file.endsWith(name)).toList();
      assertEquals(1, found.size(), found::toString);
      return found.get(0);
    }
  }

  /** Without what rounds cost: times are nobody's to repeat. */
  private Map<String, Object> history() throws IOException {
    Map<String, Object> history =
        Json.readMap(Files.readAllBytes(only("history.json")), "the history");
    rounds(history).forEach(round -> ((Map<?, ?>) round).remove("cost"));
    return history;
  }

  private static List<?> rounds(Map<String, Object> history) {
    return (List<?>) history.get("rounds");
  }
}
