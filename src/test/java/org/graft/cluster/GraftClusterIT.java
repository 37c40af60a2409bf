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
  private static final int PICTURES_A_CLASS = 12;

  @TempDir Path folder;

  @Test
  void theHeadIsTheSameOnAnyClusterWhoeverDies() throws Exception {
    Path config = config();
    Map<String, Object> embedded = finished(submit(config, "embedded", Map.of(), "local[2]"));
    String head = metric(embedded, "headSha256");
    try (StandaloneCluster cluster = StandaloneCluster.start(2, 1, "1500m")) {
      Map<String, String> environment = workerLib();
      Map<String, Object> disturbed = finished(disturbed(cluster, config, environment));
      assertEquals(head, metric(disturbed, "headSha256"));
      assertEquals(metric(embedded, "accuracy"), metric(disturbed, "accuracy"));
      assertEquals(embedded.get("counts"), disturbed.get("counts"));
      assertTrue(executorsStarted(cluster) >= 4, "two were killed, and two more started");
      assertTrue(copiesOfTasks() > 0, "tasks were copied to the other host");

      GraftCommand alone =
          submit(
              config,
              "alone",
              environment,
              cluster.master(),
              "--total-executor-cores",
              "1",
              "-s",
              "extract.partitions=3");
      assertEquals(head, metric(finished(alone), "headSha256"));
    }
  }

  /** One executor is killed while features are extracted, another while the head is trained. */
  private GraftCommand disturbed(
      StandaloneCluster cluster, Path config, Map<String, String> environment) throws Exception {
    GraftCommand job =
        submit(
            config,
            "cluster",
            environment,
            cluster.master(),
            speculating("-s", "extract.partitions=8"));
    Watch.until(() -> job.ended() || markers(folder.resolve("cluster")) >= 2, PATIENCE);
    cluster.killExecutor();
    Pattern training = Pattern.compile("^train +[1-9][0-9]*/", Pattern.MULTILINE);
    Watch.until(() -> job.ended() || training.matcher(job.err()).find(), PATIENCE);
    Watch.until(() -> job.ended() || cluster.executors().size() == 2, PATIENCE);
    assertTrue(!job.ended(), () -> "it ended before the second kill:\n" + job.err());
    cluster.killExecutor();
    return job;
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

  /** The folder of Graft's jars that GRAFT_WORKER_LIB names. */
  private Map<String, String> workerLib() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("worker-lib"));
    List<Path> jars = new ArrayList<>(List.of(Path.of("target/graft.jar")));
    try (Stream<Path> others = Files.list(Path.of("target/lib"))) {
      others.forEach(jars::add);
    }
    for (Path jar : jars) {
      Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar.toAbsolutePath());
    }
    return Map.of("GRAFT_WORKER_LIB", lib.toString());
  }

  /** A few of the quickstart's pictures of each class, and a training that takes a while. */
  private Path config() throws IOException {
    Path pictures = folder.resolve("pictures");
    try (Stream<Path> classes = Files.list(Path.of("conf/quickstart/pictures"))) {
      for (Path from : classes.toList()) {
        Path to = Files.createDirectories(pictures.resolve(from.getFileName()));
        try (Stream<Path> files = Files.list(from)) {
          for (Path file : files.sorted().limit(PICTURES_A_CLASS).toList()) {
            Files.copy(file, to.resolve(file.getFileName()));
          }
        }
      }
    }
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        name: cluster
        workspace: embedded
        source: {kind: folder, path: pictures}
        split: {train: 0.6, validation: 0.1, test: 0.3}
        backbone: {card: mobilenetv2.coco}
        train: {epochs: 30, patience: 30, batch: 8}
        averaging: {workers: 3, localSteps: 2}
        """);
  }

  private GraftCommand submit(
      Path config, String name, Map<String, String> environment, String master, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                config.toString(),
                "--master",
                master,
                "--executor-memory",
                "1500m",
                "-s",
                "workspace=" + folder.resolve(name)));
    arguments.addAll(List.of(more));
    return GraftCommand.start(folder, name, environment, arguments);
  }

  private static String metric(Map<String, Object> summary, String name) {
    return String.valueOf(((Map<?, ?>) summary.get("metrics")).get(name));
  }

  private static Map<String, Object> finished(GraftCommand job) throws Exception {
    assertEquals(0, job.exitStatus(PATIENCE), job::err);
    return job.summary();
  }
}
