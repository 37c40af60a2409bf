package org.graft.job;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The run's id in each line of the logs, of the driver and of tasks. submit/log4j2.properties
 * writes the lines, as JSON if {@code graft.logs} is {@code json}.
 */
final class RunLog {
  private static final Logger log = LoggerFactory.getLogger(RunLog.class);

  /** Spark gives tasks what is called so. */
  private static final String KEY = "mdc.runId";

  private RunLog() {}

  /** For this thread and those that it starts from now on. */
  static void begin(String runId) {
    MDC.put(KEY, runId);
  }

  static void end() {
    MDC.remove(KEY);
  }

  /** The same for the tasks of jobs that this thread starts. */
  static void ofTasks(SparkContext sc) {
    sc.setLocalProperty(KEY, MDC.get(KEY));
  }

  /** What a run says goes to {@code plain}; where all lines are to be JSON, into the log. */
  static PrintStream said(PrintStream plain) {
    return System.getProperty("graft.logs", "text").equals("json")
        ? new PrintStream(new Lines(), true, StandardCharsets.UTF_8)
        : plain;
  }

  /** Each line is an event; of threads that take turns, as those of a PrintStream do. */
  private static final class Lines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      if (b == '\n') {
        say(line.toString(StandardCharsets.UTF_8).stripTrailing());
        line.reset();
      } else {
        line.write(b);
      }
    }

    private static void say(String text) {
      if (text.startsWith("graft: ")) {
        log.error(text);
      } else if (!text.isEmpty()) {
        log.info(text);
      }
    }
  }
}
