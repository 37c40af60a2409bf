package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.testing.Folders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose drivers, executors and workers are killed at random moments of every step, on a
 * cluster of real processes, and which is started again wherever its driver died: what it leaves is
 * what an undisturbed run leaves. {@code mvn verify -Pchaos -Dgraft.kills=20} kills twenty times,
 * {@code -Dgraft.seed=N} at other moments.
 */
class ChaosIT {
  private static final int KILLS = Integer.getInteger("graft.kills", 5);
  private static final long SEED = Long.getLong("graft.seed", 7);

  /** Then a job may end, so that there is something to compare. */
  private static final int MOST_KILLS_A_JOB = 5;

  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final int MOST_DELAY_MILLIS = 5000;

  /** What the job says when a step begins or ends; the first: it has said nothing yet. */
  private static final List<String> MOMENTS = List.of("", "index ", "extract ", "train ");

  private static final Pattern EXTRACTED =
      Pattern.compile("^extract +(\\d+) extracted, (\\d+) reused", Pattern.MULTILINE);

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private PictureJob job;
  private StandaloneCluster cluster;
  private int kills;
  private int resumes;
  private long reused;

  @Test
  void whatIsLeftIsWhatAnUndisturbedRunLeaves() throws Exception {
    job = new PictureJob(folder);
    GraftCommand undisturbed = job.submit("undisturbed", Map.of(), "local[2]");
    PictureJob.finished(undisturbed, PATIENCE);
    Outcome expected = Outcome.of(folder.resolve("undisturbed"), undisturbed.summary());
    int jobs = 0;
    try (StandaloneCluster running = StandaloneCluster.start(2, 1, "1500m")) {
      cluster = running;
      Map<String, String> environment = job.workerLib();
      for (; kills < KILLS; jobs++) {
        if (jobs > 0) {
          Folders.delete(folder.resolve("chaos"));
        }
        Map<String, Object> summary = endOfKilledJob(environment);
        assertEquals(expected, Outcome.of(folder.resolve("chaos"), summary), "seed " + SEED);
      }
    }
    System.out.printf(
        "chaos: %d kills, %d resumes, %d jobs, all digests equal; %d rows were reused by a resumed"
            + " job, none that was committed was computed again; seed %d%n",
        kills, resumes, jobs, reused, SEED);
  }

  private Map<String, Object> endOfKilledJob(Map<String, String> environment) throws Exception {
    int most = Math.min(kills + MOST_KILLS_A_JOB, KILLS);
    long committed = 0;
    while (true) {
      GraftCommand attempt =
          job.submit("chaos", environment, cluster.master(), "-s", "extract.partitions=8");
      boolean ended = !killed(attempt, most);
      assertNothingTwice(attempt, committed);
      if (ended) {
        return PictureJob.finished(attempt, PATIENCE);
      }
      resumes++;
      committed = Outcome.committedRows(folder.resolve("chaos"));
    }
  }

  /** Kills until the driver was the victim, which is true, or the job has ended. */
  private boolean killed(GraftCommand attempt, int most) throws Exception {
    while (kills < most && awaitMoment(attempt)) {
      kills++;
      switch (random.nextInt(4)) {
        case 0 -> {
          Watch.until(() -> attempt.ended() || !cluster.executors().isEmpty(), PATIENCE);
          cluster.executors().stream().findFirst().ifPresent(ProcessHandle::destroyForcibly);
        }
        case 1 -> cluster.replaceWorker(random.nextInt(2));
        default -> {
          attempt.kill();
          return true;
        }
      }
    }
    Watch.until(attempt::ended, PATIENCE);
    return false;
  }

  /** False if the job ended before. */
  private boolean awaitMoment(GraftCommand attempt) throws Exception {
    String step = MOMENTS.get(random.nextInt(MOMENTS.size()));
    Pattern line = Pattern.compile("^" + step, Pattern.MULTILINE);
    Watch.until(() -> attempt.ended() || line.matcher(attempt.err()).find(), PATIENCE);
    long begin = System.nanoTime();
    Duration delay = Duration.ofMillis(random.nextInt(MOST_DELAY_MILLIS));
    Watch.until(() -> attempt.ended() || System.nanoTime() - begin >= delay.toNanos(), PATIENCE);
    return !attempt.ended();
  }

  private void assertNothingTwice(GraftCommand attempt, long committed) {
    Matcher line = EXTRACTED.matcher(attempt.err());
    if (line.find()) {
      long rows = Long.parseLong(line.group(2));
      reused += rows;
      assertTrue(rows >= committed, () -> committed + " rows were there: " + line.group());
    }
  }
}
