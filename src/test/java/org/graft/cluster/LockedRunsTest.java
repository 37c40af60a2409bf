package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.common.Json;
import org.graft.common.LockOwner;
import org.graft.job.Launch;
import org.graft.job.Main;
import org.graft.job.TinyJob;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes on one workspace, and one more after the first was killed. */
class LockedRunsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  @TempDir Path folder;
  private TinyJob job;

  @Test
  void theSecondIsRefusedAndTheNextTakesOverFromAKilledOne() throws Exception {
    job = TinyJob.in(folder.resolve("job"), 6);
    Pictures.write(job.pictures(), 3, 20, 6);
    Path rounds = folder.resolve("rounds");
    LockOwner holder;
    try (JavaProcess first = start("first", TrainingProcess.class, rounds.toString())) {
      Watch.until(() -> Files.exists(rounds) || !first.process().isAlive(), PATIENCE);
      assertTrue(first.process().isAlive(), Files.readString(log("first")));
      holder = holder();
      assertEquals(first.process().pid(), holder.pid());
      int runs = runs();
      try (JavaProcess second = start("second", Main.class)) {
        Watch.until(() -> !second.process().isAlive(), PATIENCE);
        String said = Files.readString(log("second"));
        assertEquals(75, second.process().exitValue(), said);
        assertTrue(
            said.contains(
                "graft: Cannot train: run %s (train on %s, process %d, since "
                    .formatted(holder.runId(), holder.host(), holder.pid())),
            said);
        assertTrue(said.contains("\"exitCode\":75"), said);
        assertFalse(said.contains("\tat "), said);
      }
      assertEquals(runs, runs(), "a refused run leaves nothing");
      first.process().destroyForcibly().waitFor();
    }
    Launch.Ended next = job.verb("train", "train.epochs=1").well();
    assertTrue(
        next.err().contains("lock: taken over from run %s (train on ".formatted(holder.runId())),
        next.err());
    assertTrue(next.err().contains("whose process is gone"), next.err());
    assertTrue(holder().released());
  }

  private int runs() throws IOException {
    try (Stream<Path> runs = Files.list(job.workspace().resolve("runs"))) {
      return (int) runs.count();
    }
  }

  /** Of the only lock file that there may be. */
  private LockOwner holder() throws IOException {
    try (Stream<Path> files = Files.list(job.workspace().resolve("locks"))) {
      List<Path> locks =
          files.filter(file -> file.getFileName().toString().startsWith("run-")).toList();
      assertEquals(1, locks.size(), locks::toString);
      return Json.read(Files.readAllBytes(locks.get(0)), LockOwner.class, "the lock");
    }
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** A training that does not end by itself. */
  private JavaProcess start(String name, Class<?> main, String... before) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), main.getName()));
    Collections.addAll(command, before);
    command.addAll(List.of("train", job.folder().resolve("tiny.yaml").toString()));
    for (String setting :
        List.of("train.epochs=100000", "train.patience=100000", "train.schedule=constant")) {
      command.addAll(List.of("-s", setting));
    }
    return JavaProcess.start(
        command, Map.of("OMP_NUM_THREADS", "1", "SPARK_LOCAL_IP", "127.0.0.1"), log(name));
  }
}
