package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job through {@code submit/graft} on a cluster of real processes, with real kills: the
 * head is the embedded run's, bit for bit.
 */
class GraftClusterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;
  private PictureJob job;

  @Test
  void theHeadIsTheSameOnAnyClusterWhoeverDies() throws Exception {
    job = new PictureJob(folder);
    Map<String, Object> embedded =
        PictureJob.finished(job.submit("embedded", Map.of(), "local[2]"), PATIENCE);
    String head = metric(embedded, "headSha256");
    try (StandaloneCluster cluster = StandaloneCluster.start(2, 1, "1500m")) {
      Map<String, String> environment = job.workerLib();
      Map<String, Object> disturbed =
          PictureJob.finished(disturbed(cluster, environment), PATIENCE);
      assertEquals(head, metric(disturbed, "headSha256"));
      assertEquals(metric(embedded, "accuracy"), metric(disturbed, "accuracy"));
      assertEquals(embedded.get("counts"), disturbed.get("counts"));
      assertTrue(executorsStarted(cluster) >= 4, "two were killed, and two more started");
      assertTrue(copiesOfTasks() > 0, "tasks were copied to the other host");

      GraftCommand alone =
          job.submit(
              "alone",
              environment,
              cluster.master(),
              "--total-executor-cores",
              "1",
              "--conf",
              "spark.dynamicAllocation.enabled=true",
              "--conf",
              "spark.dynamicAllocation.shuffleTracking.enabled=true",
              "--conf",
              "spark.dynamicAllocation.executorIdleTimeout=1s",
              "-s",
              "extract.partitions=3");
      assertEquals(head, metric(PictureJob.finished(alone, PATIENCE), "headSha256"));
      doctorAsksExecutors(cluster, environment);
    }
  }

  private void doctorAsksExecutors(StandaloneCluster cluster, Map<String, String> environment)
      throws Exception {
    GraftCommand doctor =
        GraftCommand.start(
            folder, "doctor", environment, List.of("doctor", "--master", cluster.master()));
    String findings = metric(PictureJob.finished(doctor, PATIENCE), "findings");
    assertTrue(findings.contains("name=spark, health=OK"), findings);
    assertTrue(
        Pattern.compile("name=executors, health=OK, value=[12], on hosts: 1")
            .matcher(findings)
            .find(),
        findings);
    assertTrue(!findings.contains("FAILURE"), findings);
  }

  /** One executor is killed while features are extracted, another while the head is trained. */
  private GraftCommand disturbed(StandaloneCluster cluster, Map<String, String> environment)
      throws Exception {
    GraftCommand run =
        job.submit(
            "cluster", environment, cluster.master(), speculating("-s", "extract.partitions=8"));
    Watch.until(() -> run.ended() || markers(folder.resolve("cluster")) >= 2, PATIENCE);
    cluster.killExecutor();
    Pattern training = Pattern.compile("^train +[1-9][0-9]*/", Pattern.MULTILINE);
    Watch.until(() -> run.ended() || training.matcher(run.err()).find(), PATIENCE);
    Watch.until(() -> run.ended() || cluster.executors().size() == 2, PATIENCE);
    assertTrue(!run.ended(), () -> "it ended before the second kill:\n" + run.err());
    cluster.killExecutor();
    return run;
  }

  /** Spark starts a second copy of any task that is not done when most others are. */
  private String[] speculating(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    for (String setting :
        List.of(
            "spark.speculation=true",
            "spark.speculation.interval=5ms",
            "spark.speculation.quantile=0.1",
            "spark.speculation.multiplier=1.01",
            "spark.speculation.minTaskRuntime=0ms",
            "spark.locality.wait=0",
            "spark.eventLog.enabled=true",
            "spark.eventLog.dir=file:" + Files.createDirectory(folder.resolve("events")))) {
      all.addAll(List.of("--conf", setting));
    }
    return all.toArray(String[]::new);
  }

  private long copiesOfTasks() throws IOException {
    long copies = 0;
    try (Stream<Path> logs = Files.walk(folder.resolve("events"))) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          copies +=
              lines
                  .filter(line -> line.contains("SparkListenerTaskStart"))
                  .filter(line -> line.contains("\"Speculative\":true"))
                  .count();
        }
      }
    }
    return copies;
  }

  private static long markers(Path workspace) {
    Path features = workspace.resolve("features");
    if (!Files.isDirectory(features)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(features)) {
      return files.filter(f -> f.getFileName().toString().startsWith("_commit-")).count();
    } catch (IOException | UncheckedIOException changing) {
      return 0; // looked at again soon
    }
  }

  /** Executors have a folder each, in their worker's. */
  private static long executorsStarted(StandaloneCluster cluster) throws IOException {
    try (Stream<Path> files = Files.walk(cluster.folder(), 4)) {
      return files.filter(file -> file.endsWith("stderr")).count();
    }
  }

  private static String metric(Map<String, Object> summary, String name) {
    return String.valueOf(((Map<?, ?>) summary.get("metrics")).get(name));
  }
}
