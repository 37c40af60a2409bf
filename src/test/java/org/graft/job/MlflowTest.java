package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.cluster.Watch;
import org.graft.common.Json;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as MLflow's own server shows them: {@code mvn verify -Pmlflow}. */
@Tag("mlflow")
class MlflowTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private String server;

  private Process start() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      server = "http://127.0.0.1:" + free.getLocalPort();
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("graft.mlflow"), "bin", "mlflow").toString(),
            "server",
            "--host",
            "127.0.0.1",
            "--port",
            server.substring(server.lastIndexOf(':') + 1),
            "--backend-store-uri",
            "sqlite:///" + folder.resolve("mlflow.db"),
            "--artifacts-destination",
            folder.resolve("artifacts").toString(),
            "--workers",
            "1");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mlflow.log").toFile())
            .start();
    Watch.until(() -> !process.isAlive() || status(server + "/health") == 200, PATIENCE);
    assertTrue(process.isAlive(), () -> log());
    return process;
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("mlflow.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int status(String url) {
    try {
      return send(HttpRequest.newBuilder(URI.create(url))).statusCode();
    } catch (IOException e) {
      return 0; // not yet
    }
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode get(String path) throws IOException {
    return Json.mapper()
        .readTree(
            send(HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/" + path))).body());
  }

  /** All runs of an experiment, the newest first. */
  private List<JsonNode> runs(String experiment) throws IOException {
    String name = URLEncoder.encode(experiment, StandardCharsets.UTF_8);
    String id =
        get("experiments/get-by-name?experiment_name=" + name)
            .required("experiment")
            .required("experiment_id")
            .asText();
    HttpRequest.Builder search =
        HttpRequest.newBuilder(URI.create(server + "/api/2.0/mlflow/runs/search"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"experiment_ids\": [\"" + id + "\"]}"));
    List<JsonNode> runs = new ArrayList<>();
    Json.mapper().readTree(send(search).body()).required("runs").forEach(runs::add);
    return runs;
  }

  private static Map<String, String> pairs(JsonNode run, String what) {
    Map<String, String> pairs = new TreeMap<>();
    run.required("data")
        .required(what)
        .forEach(pair -> pairs.put(pair.path("key").asText(), pair.path("value").asText()));
    return pairs;
  }

  private Ended run(TinyJob job, String... settings) throws IOException {
    return job.run(
        Stream.concat(
                Stream.of("mlflow.trackingUri=" + server, "mlflow.experiment=every night"),
                Stream.of(settings))
            .toArray(String[]::new));
  }

  @Test
  void parametersFiguresCurvesReportAndModelAreThereAndALostServerIsNoLostRun() throws Exception {
    TinyJob job = TinyJob.in(folder, 7);
    Pictures.write(job.pictures(), 3, 20, 7);
    Process process = start();
    try {
      Ended good = run(job).well();
      List<JsonNode> first = runs("every night");
      assertEquals(1, first.size(), first::toString);
      assertWhole(first.get(0), good);
      assertTrue(
          good.err().contains(server + "/#/experiments/" + id(first, "experiment_id")), good.err());

      Ended missed = run(job, "gate.accuracy=>= 1.1", "mlflow.model=false");
      assertEquals(3, missed.status(), missed.err());
      JsonNode failed = runs("every night").get(0);
      assertEquals("FAILED", failed.required("info").required("status").asText());
      assertEquals("3", pairs(failed, "tags").get("graft.exitCode"));
      assertTrue(pairs(failed, "tags").get("graft.message").startsWith("Cannot publish tiny"));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
    Ended alone = run(job).well();
    assertTrue(alone.err().contains("Cannot log to " + server + ": "), alone.err());
    assertTrue(Files.exists(Path.of(alone.path("run"), "summary.json")));
  }

  private static String id(List<JsonNode> runs, String name) {
    return runs.get(0).required("info").required(name).asText();
  }

  private void assertWhole(JsonNode run, Ended ended) throws IOException {
    assertEquals("FINISHED", run.required("info").required("status").asText());
    String name = run.required("info").required("run_name").asText();
    assertEquals(ended.summary().required("runId").asText(), name);
    assertEquals("4", pairs(run, "params").get("train.epochs"));
    assertEquals("", pairs(run, "params").get("backbone.pooling"));
    assertEquals(ended.head(), pairs(run, "tags").get("graft.headSha256"));
    Map<String, String> metrics = pairs(run, "metrics");
    assertEquals(ended.metric("accuracy"), Double.parseDouble(metrics.get("accuracy")));
    assertEquals(60, Double.parseDouble(metrics.get("samples.extracted")));
    assertTrue(metrics.containsKey("seconds.extract"), metrics::toString);
    String id = id(List.of(run), "run_id");
    JsonNode curve = get("metrics/get-history?run_id=" + id + "&metric_key=train.loss");
    List<Integer> steps = new ArrayList<>();
    curve.required("metrics").forEach(point -> steps.add(point.path("step").asInt()));
    assertEquals(List.of(1, 2, 3, 4), steps.stream().sorted().toList());
    assertSameFile(id, "report.html", Path.of(ended.path("report")));
    assertSameFile(id, "evaluation.json", Path.of(ended.path("evaluation")));
    assertSameFile(id, "summary.json", Path.of(ended.path("run"), "summary.json"));
    try (Stream<Path> files = Files.list(Path.of(ended.path("bundle")))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          assertSameFile(id, "bundle/" + file.getFileName(), file);
        }
      }
    }
  }

  private void assertSameFile(String run, String name, Path file) throws IOException {
    URI uri = URI.create(server + "/get-artifact?run_id=" + run + "&path=" + name);
    assertArrayEquals(Files.readAllBytes(file), send(HttpRequest.newBuilder(uri)).body(), name);
  }
}
