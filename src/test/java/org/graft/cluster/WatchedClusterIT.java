package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.testing.StatsdServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What executors of their own processes count and log. */
class WatchedClusterIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Path LOGGING = Path.of("submit/log4j2.properties");

  @TempDir Path folder;

  @Test
  void executorsCountForTheDriverToTellAndEveryLineIsJsonThatNamesTheRun() throws Exception {
    PictureJob job = new PictureJob(folder);
    try (StatsdServer statsd = new StatsdServer();
        StandaloneCluster cluster = StandaloneCluster.start(2, 1, "1500m")) {
      Map<String, String> environment = new HashMap<>(job.workerLib());
      environment.put("GRAFT_LOGS", "json");
      List<String> options = new ArrayList<>(List.of("-s", "train.epochs=1"));
      for (Map.Entry<String, String> setting : statsd.sparkSettings().entrySet()) {
        options.addAll(List.of("--conf", setting.getKey() + "=" + setting.getValue()));
      }
      options.addAll(
          List.of("--conf", "spark.executor.extraJavaOptions=-Dgraft.logs=json " + chatty()));
      GraftCommand command =
          job.submit("watched", environment, cluster.master(), options.toArray(String[]::new));
      Map<String, Object> summary = PictureJob.finished(command, PATIENCE);

      double extracted = ((Number) ((Map<?, ?>) summary.get("counts")).get("extracted")).intValue();
      Watch.until(() -> statsd.sum(".application.samples.count") == extracted, PATIENCE);
      Watch.until(() -> statsd.sum("GraftPlugin.samples.count") == extracted, PATIENCE);
      assertTrue(statsd.sum("GraftPlugin.seconds.network") > 0, statsd::toString);

      String run = (String) summary.get("runId");
      assertDriverLogs(command.err(), run);
      assertTaskLogs(cluster.folder(), run);
    }
  }

  /** Executors say little at the level of warnings. */
  private String chatty() throws IOException {
    String text = Files.readString(LOGGING);
    Path file = folder.resolve("chatty.properties");
    Files.writeString(file, text.replace("rootLogger.level = warn", "rootLogger.level = info"));
    return "-Dlog4j2.configurationFile=" + file;
  }

  private static void assertDriverLogs(String err, String run) throws IOException {
    boolean begun = false;
    List<String> messages = new ArrayList<>();
    for (String text : err.lines().toList()) {
      JsonNode line = Json.mapper().readTree(text);
      assertEquals(
          List.of("time", "level", "run", "logger", "thread", "task", "message", "exception"),
          names(line));
      assertTrue(
          line.get("time").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"),
          text);
      begun |= line.get("run").asText().equals(run);
      assertTrue(!begun || line.get("run").asText().equals(run), text); // before, Spark begins
      messages.add(line.get("message").asText());
    }
    assertTrue(messages.stream().anyMatch(it -> it.startsWith("extract  ")), messages::toString);
  }

  private static List<String> names(JsonNode line) {
    List<String> names = new ArrayList<>();
    line.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void assertTaskLogs(Path cluster, String run) throws IOException {
    int ofTasks = 0;
    try (Stream<Path> files = Files.walk(cluster)) {
      for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
        for (String text : Files.readAllLines(log)) {
          if (text.startsWith("{") && text.contains("\"task\":\"task ")) {
            assertEquals(run, Json.mapper().readTree(text).get("run").asText(), text);
            ofTasks++;
          }
        }
      }
    }
    assertFalse(ofTasks == 0, "no executor has logged what a task did");
  }
}
