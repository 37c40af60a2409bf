package org.graft.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.sql.SparkSession;
import org.graft.common.Json;

/**
 * Runs of the command line in this JVM, each on a Spark of its own that is opened before, so that
 * no system property says what it is, and that the run itself closes.
 *
 * @param master for instance local[2]
 * @param settings of Spark
 * @param listener told of Spark's jobs, or null
 */
public record Launch(String master, Map<String, String> settings, SparkListener listener) {
  public static final Launch LOCAL = new Launch("local[2]", Map.of(), null);

  /**
   * How a run ended.
   *
   * @param summary the last line of {@code out}
   */
  public record Ended(int status, JsonNode summary, List<String> out, String err) {
    public String outcome() {
      return summary.path("outcome").asText();
    }

    /** A count of the summary, which must be there. */
    public long count(String name) {
      return summary.required("counts").required(name).asLong();
    }

    public double metric(String name) {
      return summary.required("metrics").required(name).asDouble();
    }

    public String head() {
      return summary.required("metrics").required("headSha256").asText();
    }

    public String path(String name) {
      return summary.required("paths").required(name).asText();
    }

    /** Fails, with all that the run said, unless it ended well. */
    public Ended well() {
      if (status != 0) {
        throw new AssertionError("status " + status + "\n" + String.join("\n", out) + "\n" + err);
      }
      return this;
    }
  }

  public static Launch on(String master) {
    return new Launch(master, Map.of(), null);
  }

  public Ended run(String... args) throws IOException {
    SparkSession.Builder builder =
        SparkSession.builder().master(master).appName("test").config("spark.ui.enabled", "false");
    settings.forEach(builder::config);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status;
    try (SparkSession spark = builder.getOrCreate()) {
      if (listener != null) {
        spark.sparkContext().addSparkListener(listener);
      }
      status = Main.run(args, stream(out), stream(err));
    }
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    return new Ended(
        status,
        Json.mapper().readTree(lines.get(lines.size() - 1)),
        lines,
        err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
