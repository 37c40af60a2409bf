package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.graft.job.Main;
import org.graft.job.TinyJob;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets are given to real processes in every way that there is, and then looked for in all that
 * they say and write.
 */
class PlantedSecretsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private static final String PASSWORD = "planted-password-1";
  private static final String QUERY = "planted-query-2";
  private static final String HADOOP = "planted-hadoop/3";
  private static final String NAMED = "planted-named-4";

  /** A name that says nothing, in a place where secrets may be. */
  private static final String PLAIN = "planted-plain-5";

  @TempDir Path folder;
  private TinyJob job;

  @BeforeEach
  void make() throws IOException {
    job = TinyJob.in(folder.resolve("job"), 6);
    Pictures.write(job.pictures(), 2, 12, 6);
  }

  private String run(String name, int status, String verb, String... settings) throws Exception {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, JavaModuleOptions.defaultModuleOptions().trim().split(" +"));
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dspark.hadoop.fs.s3a.secret.key=" + HADOOP,
            "-Dspark.hadoop.fs.s3a.access.key=" + HADOOP,
            "-Dspark.ui.enabled=false",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            verb,
            job.folder().resolve("tiny.yaml").toString(),
            "--json",
            folder.resolve(name + ".json").toString()));
    for (String setting : settings) {
      command.addAll(List.of("-s", setting));
    }
    Map<String, String> environment = new HashMap<>();
    environment.putAll(Map.of("OMP_NUM_THREADS", "1", "SPARK_LOCAL_IP", "127.0.0.1"));
    environment.putAll(Map.of("MIRROR_TOKEN", NAMED, "MIRROR_USER", PLAIN));
    Path log = folder.resolve(name + ".log");
    try (JavaProcess process = JavaProcess.start(command, environment, log)) {
      Watch.until(() -> !process.process().isAlive(), PATIENCE);
      assertEquals(status, process.process().exitValue(), Files.readString(log));
    }
    assertNoneIn(folder);
    return Files.readString(log);
  }

  private static void assertNoneIn(Path all) throws IOException {
    try (Stream<Path> files = Files.walk(all).filter(Files::isRegularFile)) {
      int count = 0;
      for (Path file : files.toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String secret : List.of(PASSWORD, QUERY, HADOOP, NAMED, PLAIN)) {
          assertFalse(text.contains(secret), () -> secret + " is in " + file);
        }
        count++;
      }
      assertTrue(count > 20, count + " files were looked into");
    }
  }

  @Test
  void aRunThatGoesWellTellsNone() throws Exception {
    String mirror =
        "weights.mirror=https://me:%s@mirror.invalid/x?token=%s&t=${MIRROR_TOKEN}&u=${MIRROR_USER}"
            .formatted(PASSWORD, QUERY);
    run("run", 0, "run", mirror, "train.epochs=1");
    String provenance = Files.readString(job.workspace().resolve("models/tiny/1/bundle.json"));
    assertTrue(provenance.contains("https://***@mirror.invalid/x?token=***&t=${MIRROR_TOKEN}&u="));
  }

  @Test
  void refusalsTellNone() throws Exception {
    String said =
        run(
            "refused",
            2,
            "plan",
            "workspace=s3a://AKIA1234:" + HADOOP + "@bucket/ws",
            "source.path=hdfs://me:" + PASSWORD + "@nn:8020/pets",
            "train.l2=fs.s3a.secret.key=" + QUERY,
            "weights.mirror=https://x:${MIRROR_TOKEN}@y",
            "labels=[${MIRROR_TOKEN}, ${MIRROR_TOKEN}]");
    assertTrue(said.contains("'workspace' is s3a://***@bucket/ws: a password or key has no"), said);
    assertTrue(said.contains("'source.path' is hdfs://***@nn:8020/pets: a password or"), said);
    assertTrue(said.contains("not \"fs.s3a.secret.key=***"), said);
  }

  @Test
  void aFailureTellsNone() throws Exception {
    String said =
        run(
            "failed",
            2,
            "extract",
            "weights.offline=true",
            "backbone.weights=http://me:%s@127.0.0.1:9/%s.zip?token=%s"
                .formatted(PASSWORD, NAMED, QUERY));
    assertTrue(said.contains("Cannot fetch"), said);
  }
}
