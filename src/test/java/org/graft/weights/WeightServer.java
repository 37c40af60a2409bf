package org.graft.weights;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HTTP server on this machine that serves one file, and can be told to serve it badly. */
final class WeightServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final byte[] file;

  WeightServer(byte[] file) throws IOException {
    this.file = file;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** What to do is the path: {@code /whole}, {@code /cut/1000}, {@code /redirect/whole}... */
  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Paths asked for, each with the first byte wanted. */
  List<String> requests() {
    return requests;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
      int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      requests.add(path[1] + " " + from);
      switch (path[1]) {
        case "whole" -> send(exchange, from, file.length);
        case "cut" -> send(exchange, from, Math.min(file.length, from + Integer.parseInt(path[2])));
        case "norange" -> send(exchange, 0, file.length);
        case "redirect" -> redirect(exchange, "/" + path[2]);
        case "busy" -> status(exchange, 503);
        case "silent" -> silence(exchange);
        default -> status(exchange, 404);
      }
    }
  }

  /** Promises the whole rest of the file and sends it up to {@code to}. */
  private void send(HttpExchange exchange, int from, int to) throws IOException {
    if (from >= file.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + file.length);
      status(exchange, 416);
      return;
    }
    if (from > 0) {
      String range = "bytes %d-%d/%d".formatted(from, file.length - 1, file.length);
      exchange.getResponseHeaders().set("Content-Range", range);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
    exchange.getResponseBody().write(Arrays.copyOfRange(file, from, to));
    exchange.getResponseBody().flush();
  }

  private static void redirect(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("Location", path);
    status(exchange, 302);
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  /** Sends one byte of a thousand, then nothing until the client goes away or the server ends. */
  private void silence(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1000);
    exchange.getResponseBody().write(1);
    exchange.getResponseBody().flush();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    threads.shutdown();
    server.stop(0);
  }
}
