package org.graft.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.graft.common.Json;

/** {@code submit/graft}, started as a user starts it. */
public final class GraftCommand {
  private final Process process;
  private final Path out;
  private final Path err;

  private GraftCommand(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param folder for the files {@code NAME.out} and {@code NAME.err}
   */
  public static GraftCommand start(
      Path folder, String name, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Path.of("submit/graft").toAbsolutePath().toString()));
    command.addAll(arguments);
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("GRAFT_DRIVER_MEMORY", "1500m");
    builder.environment().put("GRAFT_CACHE", folder.resolve("cache").toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().putAll(environment);
    return new GraftCommand(builder.start(), out, err);
  }

  public boolean ended() {
    return !process.isAlive();
  }

  /** SIGKILL; returns once it is dead. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** What it said on stderr so far. */
  public String err() {
    return text(err);
  }

  public int exitStatus(Duration patience) throws InterruptedException, TimeoutException {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new TimeoutException("still running after " + patience + ":\n" + err());
    }
    return process.exitValue();
  }

  /** The last line on stdout. */
  public Map<String, Object> summary() {
    String[] lines = text(out).strip().split("\n", -1);
    return Json.readMap(
        lines[lines.length - 1].getBytes(StandardCharsets.UTF_8), "the last line on stdout");
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
