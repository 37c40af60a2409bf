package org.graft.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graft.common.Json;
import org.graft.common.Storage;

/**
 * MLflow's tracking server, as far as a run needs it: its REST API 2.0, as documented with MLflow 2
 * and 3. Whoever asks shows MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD.
 */
final class MlflowServer {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration UPLOAD = Duration.ofMinutes(30);
  private static final int MOST_PARAMS = 100; // in one request
  private static final int MOST_METRICS = 1000;
  private static final int MOST_SAID = 300;
  private static final String PROXIED = "mlflow-artifacts:";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final String address;
  private final String authorization;

  /**
   * @param uri http or https
   * @param environment that secrets are in, if there are any
   */
  MlflowServer(String uri, Map<String, String> environment) {
    this.address = uri.replaceFirst("/+$", "");
    this.authorization = authorization(environment);
  }

  private static String authorization(Map<String, String> environment) {
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    if (!token.isEmpty()) {
      return "Bearer " + token;
    }
    String both = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return user.isEmpty()
        ? ""
        : "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A run of the server's.
   *
   * @param artifacts URI below which its files lie
   */
  record Run(String experiment, String id, String artifacts) {}

  /** A value at a step of the training; 0 where there are no steps. */
  record Metric(String name, double value, int step) {}

  /** The id of the experiment, which is made if it is not there. */
  String experiment(String name) throws IOException {
    Optional<String> there = find(name);
    if (there.isPresent()) {
      return there.get();
    }
    Answer made = ask(post("experiments/create", Map.of("name", name)));
    return made.isWell()
        ? made.json().required("experiment_id").asText()
        : find(name).orElseThrow(made::failure); // another run may have been faster
  }

  private Optional<String> find(String name) throws IOException {
    String query = "?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Answer answer = ask(request("mlflow/experiments/get-by-name" + query, ANSWER).GET());
    if (answer.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(answer.well().required("experiment").required("experiment_id").asText());
  }

  Run begin(String experiment, String name, Instant start, Map<String, String> tags)
      throws IOException {
    Map<String, Object> run =
        Map.of(
            "experiment_id",
            experiment,
            "run_name",
            name,
            "start_time",
            start.toEpochMilli(),
            "tags",
            pairs(tags));
    JsonNode info = ask(post("runs/create", run)).well().required("run").required("info");
    return new Run(
        experiment, info.required("run_id").asText(), info.required("artifact_uri").asText());
  }

  void params(Run run, Map<String, String> params) throws IOException {
    List<Map<String, Object>> all = pairs(params);
    for (int from = 0; from < all.size(); from += MOST_PARAMS) {
      log(run, "params", all.subList(from, Math.min(all.size(), from + MOST_PARAMS)));
    }
  }

  void metrics(Run run, List<Metric> metrics, Instant when) throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Metric metric : metrics) {
      all.add(
          Map.of(
              "key",
              metric.name(),
              "value",
              metric.value(),
              "step",
              metric.step(),
              "timestamp",
              when.toEpochMilli()));
    }
    for (int from = 0; from < all.size(); from += MOST_METRICS) {
      log(run, "metrics", all.subList(from, Math.min(all.size(), from + MOST_METRICS)));
    }
  }

  private void log(Run run, String what, List<Map<String, Object>> some) throws IOException {
    ask(post("runs/log-batch", Map.of("run_id", run.id(), what, some))).well();
  }

  /**
   * Sends a file through the server.
   *
   * @param name below the run's artifacts
   */
  void upload(Run run, Storage storage, String file, String name) throws IOException {
    if (!run.artifacts().startsWith(PROXIED)) {
      throw new IOException(
          "its files would lie in %s, and are sent through the server only: start it with --serve-artifacts"
              .formatted(run.artifacts()));
    }
    String folder = URI.create(run.artifacts()).getPath();
    long bytes = storage.entry(file).length();
    HttpRequest.Builder put =
        request("mlflow-artifacts/artifacts" + encoded(folder + "/" + name), UPLOAD)
            .header("Content-Type", "application/octet-stream");
    HttpRequest.BodyPublisher body =
        BodyPublishers.ofInputStream(
            () -> {
              try {
                return storage.open(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    boolean empty = bytes == 0; // of which no publisher may be told the length
    ask(put.PUT(empty ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(body, bytes)))
        .well();
  }

  private static String encoded(String path) {
    return Stream.of(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  void end(Run run, String status, Instant end) throws IOException {
    Map<String, Object> update =
        Map.of("run_id", run.id(), "status", status, "end_time", end.toEpochMilli());
    ask(post("runs/update", update)).well();
  }

  /** Where people look at the run. */
  String page(Run run) {
    return address + "/#/experiments/" + run.experiment() + "/runs/" + run.id();
  }

  private static List<Map<String, Object>> pairs(Map<String, String> values) {
    List<Map<String, Object>> pairs = new ArrayList<>();
    values.forEach((name, value) -> pairs.add(Map.of("key", name, "value", value)));
    return pairs;
  }

  private HttpRequest.Builder post(String what, Map<String, Object> body) {
    return request("mlflow/" + what, ANSWER)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Json.line(body)));
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "/api/2.0/" + path)).timeout(patience);
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private record Answer(int status, String body) {
    boolean isWell() {
      return status >= 200 && status < 300;
    }

    JsonNode json() throws IOException {
      return Json.mapper().readTree(body);
    }

    JsonNode well() throws IOException {
      if (!isWell()) {
        throw failure();
      }
      return json();
    }

    IOException failure() {
      String said = body.strip();
      return new IOException(
          "it answers %d: %s"
              .formatted(status, said.substring(0, Math.min(MOST_SAID, said.length()))));
    }
  }

  private Answer ask(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
