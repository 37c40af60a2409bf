package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.graft.cluster.BuiltCheckout;
import org.graft.guide.Block;
import org.graft.guide.GuidePage;

/**
 * Graft's commands in the pages, read by a shell and by {@code submit/graft}, up to where Spark
 * would begin: in a checkout that looks built, with the repository's configurations.
 */
record GuideCommands(Path checkout, List<Command> commands) {
  /** Configurations that pages speak of as the reader's own; the quickstart stands in. */
  static final List<String> READERS_OWN =
      List.of("conf.yaml", "conf/nightly.yaml", "conf/my.yaml", "conf/job.yaml");

  /**
   * A command and what became of it.
   *
   * @param line as the page has it
   * @param words that Graft gets; empty if the launcher refused it
   * @param err what was said on stderr
   */
  record Command(Block block, String line, List<String> words, String err) {
    String where() {
      return block.where() + ": " + line;
    }
  }

  static GuideCommands run(Path folder) throws IOException, InterruptedException {
    BuiltCheckout made = BuiltCheckout.in(folder);
    Path checkout = made.root();
    Path conf = Files.createDirectories(checkout.resolve("conf"));
    for (Path file : ConfigFilesTest.files()) {
      Files.copy(file, conf.resolve(file.getFileName()));
    }
    for (String own : READERS_OWN) {
      Files.copy(Path.of("conf/quickstart.yaml"), checkout.resolve(own));
    }
    Path java = folder.resolve("java/bin/java"); // as slow as it must be to say what it is
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n");
    assertEquals(true, java.toFile().setExecutable(true));

    StringBuilder script = new StringBuilder();
    List<Command> found = new ArrayList<>();
    for (GuidePage page : GuidePage.all()) {
      for (Block block : page.blocks()) {
        if (!block.mark("unchecked").isEmpty()) {
          continue;
        }
        for (String line : block.language().equals("bash") ? lines(block) : List.<String>of()) {
          int number = found.size();
          found.add(new Command(block, line, List.of(), ""));
          script
              .append("(\n")
              .append(exports(block, made))
              .append(here(line, made))
              .append("\n) > %d.out 2> %d.err\n".formatted(number, number));
        }
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "-c", script.toString())
            .directory(checkout.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(made.environment());
    builder.environment().put("JAVA_HOME", java.getParent().getParent().toString());
    Process process = builder.start();
    process.getInputStream().readAllBytes();
    process.waitFor();

    List<Command> ended = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Command command = found.get(i);
      ended.add(
          new Command(
              command.block(),
              command.line(),
              words(Files.readAllLines(checkout.resolve(i + ".out"))),
              Files.readString(checkout.resolve(i + ".err"))));
    }
    return new GuideCommands(checkout, ended);
  }

  /** The lines of a block that call Graft, each with those that continue it. */
  static List<String> lines(Block block) {
    return block
        .text()
        .replaceAll("\\\\\\n\\s*", "")
        .lines()
        .flatMap(line -> Stream.of(line.split("&&", -1)))
        .map(String::strip)
        .filter(line -> line.contains("submit/graft ") && !line.startsWith("#"))
        .toList();
  }

  private static String exports(Block block, BuiltCheckout made) {
    StringBuilder exports = new StringBuilder();
    block
        .text()
        .lines()
        .filter(line -> line.startsWith("export "))
        .forEach(line -> exports.append(here(line, made)).append('\n'));
    return exports.toString();
  }

  private static String here(String line, BuiltCheckout made) {
    return line.replace("/opt/spark", "'" + made.spark() + "'")
        .replace("/opt/graft/submit/graft", "./submit/graft")
        .replace("/etc/graft/", "conf/");
  }

  private static List<String> words(List<String> out) {
    List<String> words =
        out.stream()
            .filter(line -> line.startsWith("["))
            .map(line -> line.substring(1, line.length() - 1))
            .toList();
    int main = words.indexOf("org.graft.job.Main");
    return main < 0 ? List.of() : words.subList(main + 2, words.size());
  }
}
