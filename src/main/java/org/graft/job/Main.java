package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.spark.SparkException;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.Secrets;
import org.graft.common.UserError;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Runs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command line. What it prints on stdout ends with one line of JSON, whatever happens. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * @throws SparkException in a driver that YARN runs, if the status is not 0
   */
  public static void main(String[] args) throws SparkException {
    int status = run(args, System.out, RunLog.said(System.err));
    if (YarnDriver.isThis(System.getProperties())) {
      YarnDriver.end(status);
    } else {
      System.exit(status);
    }
  }

  /** As {@link #main}, without ending the JVM; returns the exit status. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    String runId = Runs.newId(Instant.now());
    Secrets secrets = Secrets.of(System.getenv());
    RunLog.begin(runId);
    try (PrintStream plainOut = secrets.guard(out);
        PrintStream plainErr = secrets.guard(err)) {
      return run(runId, args, plainOut, plainErr, secrets);
    } finally {
      RunLog.end();
    }
  }

  private static int run(
      String runId, String[] args, PrintStream out, PrintStream err, Secrets secrets) {
    Summary.Builder summary = new Summary.Builder(runId, args.length == 0 ? "" : args[0]);
    Summary ended;
    String json = null;
    try {
      Arguments arguments = Arguments.parse(args);
      json = arguments.json();
      ended = arguments.verb().job(arguments, out, err).run(summary);
    } catch (UserError e) {
      err.println("graft: " + e.getMessage());
      log.debug("user error: {}", secrets.hide(trace(e)));
      ended = summary.failed(e.exitCode(), e.getMessage());
    } catch (Exception e) { // Spark throws checked ones that Java does not see
      UserError known = KnownFailures.explain(e);
      if (known == null) {
        log.error("failed: {}", secrets.hide(trace(e)));
      } else {
        err.println("graft: " + known.getMessage());
        log.debug("failed: {}", secrets.hide(trace(e)));
      }
      ended =
          summary.failed(
              known == null ? ExitCode.FAILED : known.exitCode(),
              known == null ? e.toString() : known.getMessage());
    }
    String line = Json.line(ended);
    out.println(line);
    out.flush();
    return save(json, line, err) ? ended.exitCode() : ExitCode.FAILED.status();
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static boolean save(String json, String line, PrintStream err) {
    try {
      if (json != null && ConfigLoader.isUri(json)) {
        HadoopStorage.ofDriver().write(json, (line + "\n").getBytes(StandardCharsets.UTF_8));
      } else if (json != null) {
        Files.writeString(Path.of(json), line + "\n", StandardCharsets.UTF_8);
      }
      return true;
    } catch (IOException e) {
      err.println("graft: Cannot write --json %s: %s".formatted(json, e));
      return false;
    }
  }
}
