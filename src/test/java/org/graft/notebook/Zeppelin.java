package org.graft.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.graft.common.Json;
import org.graft.notebook.ScalaInterpreter.Interpreted;

/** Zeppelin's REST interface, as any client sees it. */
final class Zeppelin {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  /**
   * @param url of the interface, which ends with {@code /api}
   */
  Zeppelin(String url) {
    this.url = url;
  }

  /**
   * Adds a note.
   *
   * @param text as it stands in a {@code .zpln}
   * @return the id that Zeppelin gives it
   */
  String add(String text) throws IOException {
    return body(send("POST", "/notebook/import", BodyPublishers.ofString(text))).asText();
  }

  /** The ids that Zeppelin gave a note's paragraphs, in their order. */
  List<String> paragraphs(String note) throws IOException {
    List<String> ids = new ArrayList<>();
    body(send("GET", "/notebook/" + note, BodyPublishers.noBody()))
        .path("paragraphs")
        .forEach(paragraph -> ids.add(paragraph.path("id").asText()));
    return ids;
  }

  /** Runs one paragraph to its end; what it shows is as its code wrote it. */
  Interpreted run(String note, String paragraph) throws IOException {
    String path = note + "/" + paragraph;
    // A paragraph that fails answers 500, and its state says why.
    send("POST", "/notebook/run/" + path, BodyPublishers.noBody());
    return shown(
        body(
            send("GET", "/notebook/" + note + "/paragraph/" + paragraph, BodyPublishers.noBody())));
  }

  private static Interpreted shown(JsonNode paragraph) {
    JsonNode results = paragraph.path("results");
    boolean well =
        paragraph.path("status").asText().equals("FINISHED")
            && results.path("code").asText().equals("SUCCESS");
    StringBuilder text = new StringBuilder();
    for (JsonNode message : results.path("msg")) {
      String type = message.path("type").asText().toLowerCase(Locale.ROOT);
      text.append(type.equals("text") ? "" : "%" + type + " ");
      text.append(message.path("data").asText().strip()).append('\n');
    }
    return new Interpreted(well, well ? text.toString() : text + paragraph.toString());
  }

  /** Ends the process of an interpreter; the next paragraph starts another. */
  void restart(String interpreter) throws IOException {
    body(send("PUT", "/interpreter/setting/restart/" + interpreter, BodyPublishers.noBody()));
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher content)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, content)
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static JsonNode body(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() != 200) {
      throw new IOException(answer + ": " + answer.body());
    }
    return Json.mapper().readTree(answer.body()).path("body");
  }
}
