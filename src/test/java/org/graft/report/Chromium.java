package org.graft.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A page in a real browser without a window, driven by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final long MOST_SECONDS = 60;
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private String session = "";
  private int commands;

  /** One on the PATH, or what {@code GRAFT_BROWSER} names. */
  static Optional<Path> installed() {
    String named = System.getenv("GRAFT_BROWSER");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile an empty folder
   */
  Chromium(Path browser, Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                "--no-sandbox", // which root has none of
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address(), new Ears()).join();
    JsonNode target = call("Target.createTarget", Map.of("url", "about:blank"));
    JsonNode attached =
        call(
            "Target.attachToTarget",
            Map.of("targetId", target.get("targetId").asText(), "flatten", true));
    session = attached.get("sessionId").asText();
    call("Page.enable", Map.of());
    call("Network.enable", Map.of());
    call("Log.enable", Map.of());
    call("Runtime.enable", Map.of());
  }

  /** It says where it listens; what it says afterwards is read by nobody, and must be. */
  private URI address() throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      all.append(line).append('\n');
      if (line.contains("DevTools listening on ")) {
        Thread reader = new Thread(() -> said.lines().forEach(unheard -> {}), "chromium-output");
        reader.setDaemon(true);
        reader.start();
        return URI.create(line.substring(line.indexOf("ws://")).strip());
      }
    }
    throw new IOException("the browser ended: " + all);
  }

  private final class Ears implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        try {
          JsonNode node = JSON.readTree(message.toString());
          (node.has("id") ? heard : events).add(node);
        } catch (IOException e) {
          throw new AssertionError(message.toString(), e);
        }
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  JsonNode call(String method, Map<String, ?> parameters) throws InterruptedException {
    int id = ++commands;
    Map<String, Object> command =
        new HashMap<>(Map.of("id", id, "method", method, "params", parameters));
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    socket.sendText(JSON.valueToTree(command).toString(), true).join();
    JsonNode answer = heard.poll(MOST_SECONDS, TimeUnit.SECONDS);
    if (answer == null || answer.get("id").asInt() != id || answer.has("error")) {
      throw new AssertionError(method + ": " + answer);
    }
    return answer.get("result");
  }

  /** Loads a page to its end. */
  void open(Path page) throws InterruptedException {
    noteAll();
    call(
        "Page.navigate", Map.of("url", page.toUri() + "?" + commands)); // a place in it stays there
    while (true) {
      JsonNode event = events.poll(MOST_SECONDS, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("not loaded: " + page);
      }
      note(event);
      if (event.get("method").asText().equals("Page.loadEventFired")) {
        return;
      }
    }
  }

  private void note(JsonNode event) {
    JsonNode parameters = event.get("params");
    switch (event.get("method").asText()) {
      case "Network.requestWillBeSent" ->
          requests.add(parameters.get("request").get("url").asText());
      case "Log.entryAdded" -> complaints.add(parameters.get("entry").get("text").asText());
      case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
      default -> {}
    }
  }

  private void noteAll() {
    for (JsonNode event = events.poll(); event != null; event = events.poll()) {
      note(event);
    }
  }

  /** What the page asked for, itself first. */
  List<String> requests() {
    noteAll();
    return requests;
  }

  /** Errors and warnings of scripts and of the page's policy. */
  List<String> complaints() {
    noteAll();
    return complaints;
  }

  /** The value of an expression; of a promise, what it promises. */
  JsonNode value(String expression) throws InterruptedException {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer);
    }
    JsonNode value = answer.get("result").get("value");
    return value == null ? JSON.nullNode() : value;
  }

  String text(String expression) throws InterruptedException {
    return value(expression).asText();
  }

  /** With the mouse, in the middle of the first element that a selector finds. */
  void click(String selector) throws InterruptedException {
    JsonNode at =
        value(
            "(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center', behavior: 'instant'});"
                    .formatted(JSON.valueToTree(selector))
                + " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of("type", type, "x", at.get(0), "y", at.get(1), "button", "left", "clickCount", 1));
    }
  }

  /** A key by its name and number, with what it writes. */
  void press(String key, int code, String text) throws InterruptedException {
    call(
        "Input.dispatchKeyEvent",
        Map.of(
            "type",
            "keyDown",
            "key",
            key,
            "code",
            key,
            "windowsVirtualKeyCode",
            code,
            "text",
            text));
    call(
        "Input.dispatchKeyEvent",
        Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
