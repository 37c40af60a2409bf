package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on YARN, in client and in cluster mode, with pictures, dependencies and workspace
 * on HDFS: what it leaves is what a local run leaves. {@code mvn verify -Pyarn}.
 */
@Tag("yarn")
class YarnIT {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  @TempDir Path folder;
  private PictureJob job;
  private MiniHadoop hadoop;
  private Storage storage;
  private String root;
  private Map<String, String> environment;

  @Test
  void whatIsLeftIsWhatALocalRunLeaves() throws Exception {
    job = new PictureJob(folder);
    GraftCommand local = job.submit("local", Map.of(), "local[2]");
    PictureJob.finished(local, PATIENCE);
    Outcome expected = Outcome.of(folder.resolve("local"), local.summary());
    try (MiniHadoop running = MiniHadoop.start(4096)) {
      hadoop = running;
      upload();
      assertEquals(expected, clientMode());
      assertEquals(expected, clusterMode());
      anExitCodeComesBackFromTheCluster();
    }
  }

  /** With executors that come and go, and tasks that run twice. */
  private Outcome clientMode() throws Exception {
    GraftCommand run =
        submit(
            "client",
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--conf",
            "spark.dynamicAllocation.shuffleTracking.enabled=true",
            "--conf",
            "spark.dynamicAllocation.maxExecutors=2",
            "--conf",
            "spark.dynamicAllocation.executorIdleTimeout=2s",
            "--conf",
            "spark.speculation=true",
            "--conf",
            "spark.speculation.quantile=0.1",
            "--conf",
            "spark.speculation.minTaskRuntime=0ms");
    Map<String, Object> summary = PictureJob.finished(run, PATIENCE);
    assertTrue(run.err().contains("Submitting application application_"), run.err());
    assertPublished("client", summary);
    return outcome("client", summary);
  }

  private Outcome clusterMode() throws Exception {
    String json = root + "/summaries/cluster.json";
    GraftCommand run =
        submit("cluster", "--num-executors", "2", "--deploy-mode", "cluster", "--json", json);
    assertEquals(0, run.exitStatus(PATIENCE), run::err);
    Map<String, Object> summary = Json.readMap(storage.read(json, 1 << 20), json);
    assertPublished("cluster", summary);
    return outcome("cluster", summary);
  }

  private void anExitCodeComesBackFromTheCluster() throws Exception {
    GraftCommand bad = submit("bad", "--deploy-mode", "cluster", "-s", "train.epochs=-1");
    assertEquals(2, bad.exitStatus(PATIENCE), bad::err);
    assertTrue(bad.err().contains("User application exited with status 2"), bad.err());
    assertFalse(storage.exists(root + "/bad"));
  }

  /** The pictures, and what executors need beside Spark. */
  private void upload() throws Exception {
    Configuration client = hadoop.client();
    storage = new HadoopStorage(client);
    root = client.get(FileSystem.FS_DEFAULT_NAME_KEY);
    Path pictures = folder.resolve("pictures");
    try (Stream<Path> all = Files.walk(pictures)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        storage.write(root + "/pictures/" + pictures.relativize(file), Files.readAllBytes(file));
      }
    }
    Path archive = folder.resolve("graft-lib.zip");
    GraftCommand made =
        GraftCommand.start(folder, "archive", Map.of(), List.of("archive", archive.toString()));
    assertEquals(0, made.exitStatus(PATIENCE), made::err);
    FileSystem.get(client)
        .copyFromLocalFile(
            new org.apache.hadoop.fs.Path(archive.toUri()),
            new org.apache.hadoop.fs.Path("/apps/graft-lib.zip"));
    environment =
        Map.of(
            "HADOOP_CONF_DIR",
            hadoop.configuration().toString(),
            "GRAFT_ARCHIVE",
            root + "/apps/graft-lib.zip");
  }

  private GraftCommand submit(String name, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of(
            "-s",
            "source.path=" + root + "/pictures",
            "-s",
            "workspace=" + root + "/" + name,
            "--driver-memory",
            "1500m",
            "--conf",
            // Spark is on every node, as on most clusters; Graft is on none.
            "spark.yarn.jars=local:" + Path.of("target/spark/jars").toAbsolutePath() + "/*"));
    return job.submit(name, environment, "yarn", arguments.toArray(String[]::new));
  }

  private void assertPublished(String name, Map<String, Object> summary) throws IOException {
    String bundle = String.valueOf(((Map<?, ?>) summary.get("paths")).get("bundle"));
    assertTrue(bundle.startsWith(root + "/" + name + "/models/"), bundle);
    assertTrue(storage.exists(bundle + "/bundle.json"), bundle);
  }

  private Outcome outcome(String name, Map<String, Object> summary) throws IOException {
    Path copy = folder.resolve("copy-" + name);
    for (String part : List.of("/features", "/models")) {
      String from = root + "/" + name + part;
      for (Storage.Entry entry : storage.list(from)) {
        Path to = copy.resolve(entry.path().substring((root + "/" + name + "/").length()));
        Files.createDirectories(to.getParent());
        try (InputStream in = storage.open(entry.path())) {
          Files.copy(in, to);
        }
      }
    }
    return Outcome.of(copy, summary);
  }
}
