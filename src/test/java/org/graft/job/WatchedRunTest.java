package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.graft.cluster.Watch;
import org.graft.common.Json;
import org.graft.spark.GraftPlugin;
import org.graft.testing.Pictures;
import org.graft.testing.StatsdServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as those see it who look at its Spark: through the UI's addresses, before it ends. */
class WatchedRunTest {
  private static final int PICTURES = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern PROMETHEUS = Pattern.compile("(\\S+)\\{[^}]*} (\\S+)");
  private static final Pattern LINE_OF_CODE = Pattern.compile(".*\\.(java|scala):\\d+.*");

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private SparkSession spark;

  /** Looks when the run says where its report is: all is done, and Spark still there. */
  private static final class Looking extends PrintStream {
    private final Runnable look;

    Looking(Runnable look) {
      super(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
      this.look = look;
    }

    @Override
    public void print(String line) {
      if (line.startsWith("report ")) {
        look.run();
      }
    }
  }

  private String get(String path) {
    String url = spark.sparkContext().uiWebUrl().get() + path;
    try {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode api(String what) {
    try {
      String id = spark.sparkContext().applicationId();
      return Json.mapper().readTree(get("/api/v1/applications/" + id + "/" + what));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values of /metrics/prometheus, by the end of their names. */
  private Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    for (String line : get("/metrics/prometheus/").lines().toList()) {
      Matcher metric = PROMETHEUS.matcher(line);
      if (metric.matches()) {
        String name = metric.group(1).replaceFirst(".*_plugin_org_graft_spark_GraftPlugin_", "");
        metrics.put(name, Double.parseDouble(metric.group(2)));
      }
    }
    return metrics;
  }

  private void counts() {
    try {
      Watch.until(
          () -> metrics().getOrDefault("application_samples_Count", 0.0) == PICTURES + 1, PATIENCE);
    } catch (Exception e) {
      throw new AssertionError(metrics().toString(), e);
    }
    Map<String, Double> metrics = metrics();
    for (String of : Set.of("", "application_")) {
      assertEquals(PICTURES + 1, metrics.get(of + "samples_Count"), metrics::toString);
      assertEquals(PICTURES + 2, metrics.get(of + "indexed_Count"), metrics::toString);
      assertEquals(1, metrics.get(of + "rejected_EMPTY_Count"), metrics::toString);
      assertEquals(1, metrics.get(of + "rejected_UNSUPPORTED_Count"), metrics::toString);
      assertEquals(0, metrics.get(of + "rejected_CHANGED_Count"), metrics::toString);
      assertTrue(metrics.get(of + "seconds_network_Value") > 0, metrics::toString);
      assertTrue(metrics.get(of + "seconds_decode_Value") > 0, metrics::toString);
      assertTrue(metrics.get(of + "samples_MeanRate") > 0, metrics::toString);
    }
    assertEquals(metrics.get("batches_Count"), metrics.get("batch_Count"));
    assertTrue(metrics.get("batch_99thPercentile") > 0, metrics::toString);
  }

  private static void assertNamed(String what, String name) {
    assertFalse(name.isEmpty() || LINE_OF_CODE.matcher(name).matches(), what + " " + name);
  }

  private void names() {
    List<String> names = new ArrayList<>();
    for (JsonNode job : api("jobs")) {
      assertNamed("job", job.path("name").asText());
      assertNamed("job's description", job.path("description").asText());
      names.add(job.path("description").asText());
    }
    for (JsonNode stage : api("stages?status=complete")) { // a skipped one has no description
      assertNamed("stage", stage.path("name").asText());
      assertNamed("stage's description", stage.path("description").asText());
    }
    assertTrue(names.contains("index: read and hash"), names::toString);
    assertTrue(names.contains("extract: 61 of 61 samples with small.random"), names::toString);
    assertTrue(names.contains("evaluate"), names::toString);
    assertTrue(names.stream().anyMatch(name -> name.startsWith("train: epoch 1")), names::toString);
    assertFalse(names.contains("graft tiny"), () -> "some job has only the run's name: " + names);
  }

  @Test
  void jobsHaveNamesAndWhatIsCountedIsWhatWasExtracted() throws Exception {
    TinyJob job = TinyJob.in(folder, 11);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 5);
    Path some = Files.createDirectories(job.pictures().resolve("class-0"));
    Files.writeString(some.resolve("text.png"), "no picture");
    Files.createFile(some.resolve("nothing.png"));
    try (StatsdServer statsd = new StatsdServer()) {
      SparkSession.Builder builder =
          SparkSession.builder()
              .master("local[2]")
              .appName("test")
              .config("spark.ui.port", "0")
              .config("spark.plugins", GraftPlugin.class.getName())
              .config(
                  "spark.metrics.conf.*.sink.prometheusServlet.class",
                  "org.apache.spark.metrics.sink.PrometheusServlet")
              .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus");
      statsd.sparkSettings().forEach(builder::config);
      spark = builder.getOrCreate();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      boolean[] looked = {false};
      Looking out =
          new Looking(
              () -> {
                counts();
                names();
                looked[0] = true;
              });
      String[] command = {
        "run",
        folder.resolve("tiny.yaml").toString(),
        "-s",
        "limits.rejected=0.5",
        "-s",
        "mlflow.trackingUri=http://127.0.0.1:1"
      };
      int status = Main.run(command, out, new PrintStream(err, true, StandardCharsets.UTF_8));
      assertEquals(0, status, err::toString);
      assertTrue(looked[0], "nobody looked");
      String lost = "mlflow     Cannot log to http://127.0.0.1:1: ";
      assertTrue(err.toString(StandardCharsets.UTF_8).contains(lost), err::toString);
      Watch.until(() -> statsd.sum(".application.samples.count") == PICTURES + 1, PATIENCE);
      assertEquals(PICTURES + 1, statsd.sum("GraftPlugin.samples.count"), statsd::toString);
    }
  }
}
