package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.graft.job.MlflowServer.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is asked, and how refusals are told; whether MLflow understands it is {@link MlflowTest}'s.
 */
class MlflowServerTest {
  private static final Run RUN = new Run("1", "r1", "mlflow-artifacts:/1/r1/artifacts");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer http;
  private int status = 200;
  private String answer = "{}";

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::answer);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String who = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add("%s %s %s".formatted(exchange.getRequestURI(), who, body));
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private MlflowServer server(Map<String, String> environment) {
    return new MlflowServer("http://127.0.0.1:" + http.getAddress().getPort() + "/", environment);
  }

  @Test
  void secretsAreTheEnvironments() throws Exception {
    answer = "{\"experiment\": {\"experiment_id\": \"7\"}}";
    assertEquals("7", server(Map.of()).experiment("a b"));
    server(Map.of("MLFLOW_TRACKING_TOKEN", "t0k")).experiment("e");
    server(Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "pw"))
        .experiment("e");
    String path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=";
    assertEquals(
        List.of(path + "a+b null ", path + "e Bearer t0k ", path + "e Basic bWU6cHc= "), // me:pw
        asked);
  }

  @Test
  void noRequestHoldsMoreThanTheServerTakes() throws Exception {
    Map<String, String> many = new TreeMap<>();
    IntStream.range(0, 250).forEach(i -> many.put("key." + i, "v"));
    server(Map.of()).params(RUN, many);
    assertEquals(
        List.of(100, 100, 50),
        asked.stream().map(text -> text.split("\"key\":", -1).length - 1).toList());
  }

  @Test
  void aRefusalIsToldWithWhatTheServerSays() {
    status = 403;
    answer = "{\"message\": \"not yours\"}";
    IOException e =
        assertThrows(IOException.class, () -> server(Map.of()).params(RUN, Map.of("a", "b")));
    assertEquals("it answers 403: {\"message\": \"not yours\"}", e.getMessage());
    Run elsewhere = new Run("1", "r1", "s3://bucket/1/r1/artifacts");
    IOException far =
        assertThrows(
            IOException.class, () -> server(Map.of()).upload(elsewhere, null, "file", "name"));
    assertTrue(far.getMessage().contains("--serve-artifacts"), far.getMessage());
  }
}
