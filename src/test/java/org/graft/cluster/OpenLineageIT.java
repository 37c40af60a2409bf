package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
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

  /** Names of datasets, below the test's folder; * for what is named by a digest or a time. */
  private Set<String> datasets(String side, String type) {
    String root = folder.toString() + "/";
    Set<String> names = new TreeSet<>();
    for (JsonNode event : events) {
      if (event.path("eventType").asText().equals(type)) {
        for (JsonNode dataset : event.path(side)) {
          String name = dataset.path("name").asText().replace(root, "");
          names.add(name.replaceFirst("(index|features|runs)/[^/]+", "$1/*"));
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
  void tablesThatARunReadsAndWritesAreTold() throws Exception {
    PictureJob job = new PictureJob(folder);
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newSingleThreadExecutor());
    http.createContext("/api/v1/lineage", this::receive);
    http.start();
    List<String> listening = listening(http.getAddress().getPort());
    try {
      List<String> options = new ArrayList<>(List.of("-s", "train.epochs=2"));
      options.addAll(listening);
      GraftCommand run =
          job.submit("lineage", Map.of(), "local[2]", options.toArray(String[]::new));
      PictureJob.finished(run, PATIENCE);
      assertRun();
      events.clear();
      PictureJob.finished(score(listening), PATIENCE);
      assertEquals(Set.of("predictions"), datasets("outputs", "COMPLETE"));
      assertEquals(Set.of("some.csv"), datasets("inputs", "COMPLETE"));
    } finally {
      http.stop(0);
    }
  }

  private static List<String> listening(int port) {
    List<String> options =
        new ArrayList<>(List.of("--jars", System.getProperty("graft.openlineage")));
    for (String setting :
        List.of(
            "spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener",
            "spark.openlineage.transport.type=http",
            "spark.openlineage.transport.url=http://127.0.0.1:" + port,
            "spark.openlineage.namespace=graft")) {
      options.addAll(List.of("--conf", setting));
    }
    return options;
  }

  private void assertRun() {
    assertTrue(types().containsAll(List.of("START", "COMPLETE")), () -> types().toString());
    assertEquals(
        Set.of(
            "lineage/index/*/rows", "lineage/index/*/samples", "lineage/runs/*/rejected/extract"),
        datasets("outputs", "COMPLETE"));
    assertEquals(
        Set.of("lineage/features/*", "lineage/index/*/rows", "lineage/index/*/samples"),
        datasets("inputs", "COMPLETE"));
    for (JsonNode event : events) {
      assertEquals("graft", event.required("job").required("namespace").asText());
    }
  }

  private GraftCommand score(List<String> listening) throws IOException {
    String some = "pictures/fruit/" + picture() + "\n";
    Files.writeString(folder.resolve("some.csv"), "path\n" + some);
    Path config =
        Files.writeString(
            folder.resolve("score.yaml"),
            """
            bundle: lineage/models/cluster
            source: {kind: manifest, path: some.csv}
            output: predictions
            """);
    List<String> arguments =
        new ArrayList<>(List.of("score", config.toString(), "--master", "local[2]"));
    arguments.addAll(listening);
    return GraftCommand.start(folder, "score", Map.of(), arguments);
  }

  private String picture() throws IOException {
    try (Stream<Path> pictures = Files.list(folder.resolve("pictures/fruit"))) {
      return pictures.findFirst().orElseThrow().getFileName().toString();
    }
  }
}
