package org.graft.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.graft.common.Json;

/** What one command printed, and how it ended. */
record Printed(int status, String out, String err) {
  static Printed by(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(args, stream(out), stream(err));
    return new Printed(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** The last line of stdout. */
  Map<String, Object> summary() {
    List<String> lines = out.lines().toList();
    return Json.readMap(
        lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8), "the summary");
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> part(String name) {
    return (Map<String, Object>) summary().get(name);
  }
}
