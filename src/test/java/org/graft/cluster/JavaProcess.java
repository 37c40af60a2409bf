package org.graft.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A JVM beside the test's own, of the same Java, which ends with the test's JVM at the latest. */
public final class JavaProcess implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Process process;
  private final Path log;
  private final Thread atExit = new Thread(this::kill);

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param arguments of {@code java}: options, class path, main class, its arguments
   * @param log where its output goes
   */
  public static JavaProcess start(List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Files.createDirectories(log.getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new JavaProcess(builder.start(), log);
  }

  /** A port that nothing listens on now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  Process process() {
    return process;
  }

  /** Asks {@code url} until it answers what is {@code wanted}; fails if this process ends first. */
  public void await(String url, Predicate<String> wanted, Duration limit) throws IOException {
    Instant deadline = Instant.now().plus(limit);
    while (!wanted.test(get(url))) {
      try {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IOException(
              "ended with " + process.exitValue() + ":\n" + Files.readString(log));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + url, e);
      }
      if (Instant.now().isAfter(deadline)) {
        throw new IOException(url + " is not ready after " + limit + ", see " + log);
      }
    }
  }

  /** The body of the answer, or nothing if there is none. */
  private static String get(String url) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
