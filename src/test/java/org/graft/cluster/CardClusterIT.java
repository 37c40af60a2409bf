package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Json;
import org.graft.testing.Pictures;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers of two cards each, as {@code submit/discover-gpus.sh} tells Spark; only that there
 * are no cards. {@code CUDA_VISIBLE_DEVICES} is {@code 5,3} at both.
 */
class CardClusterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String CLASSES =
      Stream.of("target/test-classes", "target/graft.jar", "target/lib")
          .map(place -> Path.of(place).toAbsolutePath())
          .map(place -> place.endsWith("lib") ? place + "/*" : place.toString())
          .collect(Collectors.joining(File.pathSeparator));

  @TempDir Path folder;
  private List<String> expected;

  @BeforeEach
  void extractOnTheProcessor() throws IOException {
    Pictures.write(folder.resolve("pictures"), 4, 24, 7);
    Files.writeString(folder.resolve("card.json"), Json.pretty(SmallModels.CARD));
    Path run = Files.createDirectory(folder.resolve("local"));
    try (SparkSession spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate()) {
      expected = CardJob.features(spark, folder, run, FakeCards.in(run, false));
    }
    assertEquals(96, expected.size());
  }

  @Test
  void everyTaskHasACardThatSparkGaveToIt() throws Exception {
    List<String> worker =
        List.of(
            "-Dspark.worker.resource.gpu.amount=2",
            "-Dspark.worker.resource.gpu.discoveryScript="
                + Path.of("submit/discover-gpus.sh").toAbsolutePath());
    try (StandaloneCluster cluster =
        StandaloneCluster.start(2, 4, "1g", worker, Map.of("CUDA_VISIBLE_DEVICES", "5,3"))) {
      aStageOfItsOwnHasACardATaskAndOutlivesAKilledExecutor(cluster);
      whereEveryTaskGetsHalfACardTwoShareIt(cluster);
    }
  }

  private void aStageOfItsOwnHasACardATaskAndOutlivesAKilledExecutor(StandaloneCluster cluster)
      throws Exception {
    Run run = new Run("stage");
    try (JavaProcess job = run.submit(cluster)) {
      run.await(job, () -> run.loads().size() == 4 && run.onCards().size() == 4);
      cluster.killExecutor();
      run.finish(job, Map.of("5", Set.of("0"), "3", Set.of("1"))); // as the worker's variable says
    }
    List<TaskDiary.Entry> tasks = run.onCards();
    assertEquals(1, TaskDiary.mostOnACard(tasks), tasks::toString);
    assertTrue(tasks.size() > 16, () -> "lost ones ran again: " + tasks.size());
    assertTrue(tasks.stream().allMatch(task -> task.cores() == 2), "each with its share of cores");
    List<TaskDiary.Entry> others = run.diary();
    others.removeAll(tasks);
    assertTrue(!others.isEmpty(), "an index, for one");
    assertTrue(others.stream().allMatch(task -> task.cores() == 1), others::toString);
  }

  /** Here executors see what Spark gave to them, in its order. */
  private void whereEveryTaskGetsHalfACardTwoShareIt(StandaloneCluster cluster) throws Exception {
    Run run = new Run("plain");
    try (JavaProcess job =
        run.submit(
            cluster,
            "spark.task.resource.gpu.amount=0.5",
            "spark.executorEnv.JAVA_HOME=" + Path.of("submit/visible-gpus").toAbsolutePath(),
            "spark.executorEnv.GRAFT_JAVA_HOME=" + System.getProperty("java.home"))) {
      run.await(job, () -> run.loads().size() == 4);
      run.await(job, () -> run.onCards().stream().filter(this::waits).count() == 8);
      run.finish(job, Map.of("3", Set.of("0"), "5", Set.of("1")));
    }
    List<TaskDiary.Entry> tasks = run.onCards();
    assertEquals(tasks, run.diary(), "of the index, too");
    assertEquals(2, TaskDiary.mostOnACard(tasks), tasks::toString);
  }

  private boolean waits(TaskDiary.Entry task) {
    return task.end() == Long.MAX_VALUE;
  }

  /** One job, in a folder of its own. */
  private final class Run {
    private final String name;
    private final Path place;
    private Path log;

    Run(String name) throws IOException {
      this.name = name;
      this.place = Files.createDirectory(folder.resolve(name));
      Files.createDirectory(place.resolve("loads"));
      Files.createDirectory(place.resolve("diary"));
    }

    private String log() throws IOException {
      return Files.readString(log);
    }

    JavaProcess submit(StandaloneCluster cluster, String... settings) throws IOException {
      log = cluster.folder().resolve(name + ".log");
      List<String> command = new ArrayList<>();
      Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
      command.addAll(
          List.of(
              "-Xmx512m",
              "-cp",
              Path.of("target/spark/jars").toAbsolutePath() + "/*" + File.pathSeparator + CLASSES,
              "org.apache.spark.deploy.SparkSubmit",
              "--master",
              cluster.master(),
              "--executor-memory",
              "512m"));
      List<String> all = new ArrayList<>(List.of(settings));
      all.add("spark.executor.extraClassPath=" + CLASSES);
      all.add("spark.executor.resource.gpu.amount=2");
      all.add("spark.executor.cores=4");
      all.add("spark.sql.shuffle.partitions=4");
      all.add("spark.plugins=" + TaskDiary.class.getName());
      all.add(TaskDiary.FOLDER + "=" + place.resolve("diary"));
      all.forEach(setting -> Collections.addAll(command, "--conf", setting));
      Collections.addAll(command, "--class", CardJob.class.getName());
      Collections.addAll(command, "target/graft.jar", folder.toString(), place.toString());
      return JavaProcess.start(command, cluster.environment(), log);
    }

    void await(JavaProcess job, BooleanSupplier holds) throws Exception {
      Watch.until(() -> !job.process().isAlive() || holds.getAsBoolean(), PATIENCE);
    }

    /**
     * What every job must have in the end.
     *
     * @param cards ordinals by address
     */
    void finish(JavaProcess job, Map<String, Set<String>> cards) throws Exception {
      Files.createFile(place.resolve("go"));
      assertTrue(job.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      assertEquals(0, job.process().exitValue(), log());
      assertEquals(expected, Files.readAllLines(place.resolve("features")));
      Map<String, Set<String>> ordinals =
          loads().stream()
              .map(load -> load.split("-", -1))
              .collect(
                  Collectors.groupingBy(
                      load -> load[1],
                      TreeMap::new,
                      Collectors.mapping(load -> load[2], Collectors.toSet())));
      assertEquals(cards, ordinals);
      List<String> places =
          loads().stream().map(load -> load.substring(0, load.lastIndexOf('-'))).toList();
      assertEquals(Set.copyOf(places).size(), places.size(), "once a card: " + places);
    }

    List<TaskDiary.Entry> diary() {
      return TaskDiary.read(place.resolve("diary"));
    }

    List<TaskDiary.Entry> onCards() {
      return new ArrayList<>(diary().stream().filter(TaskDiary.Entry::hasCard).toList());
    }

    List<String> loads() {
      try (Stream<Path> files = Files.list(place.resolve("loads"))) {
        return files.map(file -> file.getFileName().toString()).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
