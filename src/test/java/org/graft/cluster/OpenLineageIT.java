package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.graft.common.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What OpenLineage's listener, which the user brings, tells of a run: {@code mvn verify
 * -Popenlineage}.
 */
@Tag("openlineage")
class OpenLineageIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  private void receive(HttpExchange exchange) throws IOException {
    events.add(Json.mapper().readTree(exchange.getRequestBody().readAllBytes()));
    exchange.sendResponseHeaders(201, -1);
    exchange.close();
  }

  /** Names of datasets, below the test's folder. */
  private Set<String> datasets(String side, String type) {
    String root = folder.toString() + "/";
    Set<String> names = new TreeSet<>();
    for (JsonNode event : events) {
      if (event.path("eventType").asText().equals(type)) {
        for (JsonNode dataset : event.path(side)) {
          names.add(dataset.path("name").asText().replace(root, ""));
        }
      }
    }
    return names;
  }

  private Set<String> types() {
    Set<String> types = new TreeSet<>();
    events.forEach(event -> types.add(event.path("eventType").asText()));
    return types;
  }

  @Test
  void aRunsTablesAreEventsDatasets() throws Exception {
    PictureJob job = new PictureJob(folder);
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newSingleThreadExecutor());
    http.createContext("/api/v1/lineage", this::receive);
    http.start();
    try {
      GraftCommand command =
          job.submit(
              "lineage",
              Map.of(),
              "local[2]",
              "-s",
              "train.epochs=2",
              "--jars",
              System.getProperty("graft.openlineage"),
              "--conf",
              "spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener",
              "--conf",
              "spark.openlineage.transport.type=http",
              "--conf",
              "spark.openlineage.transport.url=http://127.0.0.1:" + http.getAddress().getPort(),
              "--conf",
              "spark.openlineage.namespace=graft");
      Map<String, Object> summary = PictureJob.finished(command, PATIENCE);
      assertEquals("done", summary.get("outcome"));
    } finally {
      http.stop(0);
    }
    assertTrue(types().containsAll(List.of("START", "COMPLETE")), () -> types().toString());
    Set<String> written = datasets("outputs", "COMPLETE");
    Set<String> read = datasets("inputs", "COMPLETE");
    System.out.println("OPENLINEAGE " + types() + "\nREAD " + read + "\nWRITTEN " + written);
  }
}
