package org.graft.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Receives what StatsD is sent, {@code name:value|type}, and keeps the last value of each. */
public final class StatsdServer implements AutoCloseable {
  private static final Pattern LINE = Pattern.compile("(.+):(-?[0-9.eE+-]+)\\|[a-z]+");

  private final DatagramSocket socket;
  private final Map<String, Double> last = new ConcurrentHashMap<>();

  public StatsdServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread receiver = new Thread(this::receive, "statsd");
    receiver.setDaemon(true);
    receiver.start();
  }

  /** Spark's settings that send all metrics here each second. */
  public Map<String, String> sparkSettings() {
    String sink = "spark.metrics.conf.*.sink.statsd.";
    return Map.of(
        sink + "class",
        "org.apache.spark.metrics.sink.StatsdSink",
        sink + "host",
        "127.0.0.1",
        sink + "port",
        String.valueOf(socket.getLocalPort()),
        sink + "period",
        "1");
  }

  /**
   * The sum over all who send it.
   *
   * @param ending of the name
   */
  public double sum(String ending) {
    return last.entrySet().stream()
        .filter(metric -> metric.getKey().endsWith(ending))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** All names and values. */
  @Override
  public String toString() {
    return last.toString();
  }

  private void receive() {
    byte[] buffer = new byte[65536];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (IOException e) {
        return; // closed
      }
      String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
      text.lines()
          .map(LINE::matcher)
          .filter(Matcher::matches)
          .forEach(line -> last.put(line.group(1), Double.parseDouble(line.group(2))));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
