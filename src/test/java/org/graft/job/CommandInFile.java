package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.cluster.BuiltCheckout;

/** A command that a scheduler's file has, run by a shell, up to where Spark would begin. */
final class CommandInFile {
  private static final String INSTALLED = "/opt/graft/submit/graft";

  private final List<String> words;

  private CommandInFile(List<String> words) {
    this.words = words;
  }

  /**
   * @param command for bash
   */
  static CommandInFile run(Path folder, String command, Map<String, String> environment)
      throws IOException, InterruptedException {
    BuiltCheckout checkout = BuiltCheckout.in(folder);
    String here = command.replace(INSTALLED, "'" + checkout.launcher() + "'");
    assertEquals(false, here.equals(command), command);
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "-c", here).redirectError(folder.resolve("err").toFile());
    builder.environment().putAll(checkout.environment());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(5, process.waitFor(), out);
    return new CommandInFile(
        out.lines().filter(line -> line.startsWith("[")).map(CommandInFile::word).toList());
  }

  private static String word(String line) {
    return line.substring(1, line.length() - 1);
  }

  /** What Graft reads; refused if it is not the command line of this version. */
  Arguments arguments() {
    int main = words.indexOf("org.graft.job.Main");
    return Arguments.parse(words.subList(main + 2, words.size()).toArray(String[]::new));
  }

  /** Of the first option of that name. */
  String option(String name) {
    return words.get(words.indexOf(name) + 1);
  }

  /** Of a setting of Spark's; null where there is none. The last one wins. */
  String setting(String key) {
    String value = null;
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i - 1).equals("--conf") && words.get(i).startsWith(key + "=")) {
        value = words.get(i).substring(key.length() + 1);
      }
    }
    return value;
  }

  List<String> words() {
    return words;
  }
}
