package org.graft.job;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.graft.job.GuideCommands.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of the pages that a comment marks, {@code <!-- runs: WORD=path, WORD=path -->}, run one
 * after the other, on a few of the quickstart's pictures and for two epochs, but for those that
 * have one of the words of {@code <!-- skips: WORD, WORD -->}. (README's first commands are run by
 * {@code QuickstartIT} as they are.)
 */
class GuideRunsTest {
  private static final int A_CLASS = 8;
  private static final Launch LAUNCH =
      new Launch("local[2]", Map.of("spark.sql.shuffle.partitions", "2"), null);

  @TempDir Path folder;

  @Test
  void markedCommandsRun() throws IOException, InterruptedException {
    GuideCommands guide = GuideCommands.run(folder);
    Path checkout = guide.checkout();
    pictures(checkout.resolve("conf/quickstart"));
    table(checkout.resolve("conf/quickstart"));
    for (String file : List.of("quickstart", "nightly")) {
      shorten(checkout.resolve("conf/" + file + ".yaml"));
    }
    int ran = 0;
    for (Command command : guide.commands()) {
      if (runs(command)) {
        long began = System.nanoTime();
        prepare(command, checkout.resolve("target"));
        Launch.Ended ended = LAUNCH.run(arguments(command, checkout));
        assertTrue(
            ended.status() == 0,
            () -> command.where() + " ended with " + ended.status() + "\n" + ended.err());
        System.out.printf(
            "guide: ran %s, %.1f s%n", command.where(), (System.nanoTime() - began) / 1e9);
        ran++;
      }
    }
    System.out.printf("guide: ran %d of %d commands of Graft%n", ran, guide.commands().size());
    assertTrue(ran > 25, "where are they?");
  }

  /** Two epochs, and no second pass. */
  private static void shorten(Path config) throws IOException {
    String text = Files.readString(config);
    String shorter =
        text.replaceFirst("(?m)^  epochs: \\d+", "  epochs: 2")
            .replaceFirst("(?m)^  baseline: true", "  baseline: false");
    assertNotEquals(text, shorter);
    Files.writeString(config, shorter);
  }

  private static boolean runs(Command command) {
    return command.block().marks().containsKey("runs")
        && list(command.block().mark("skips")).noneMatch(command.line()::contains);
  }

  private static Stream<String> list(String mark) {
    return Stream.of(mark.split(", *", -1)).filter(item -> !item.isEmpty());
  }

  private static String[] arguments(Command command, Path checkout) throws IOException {
    List<String> arguments = new ArrayList<>();
    for (String word : command.words()) {
      String meant = meant(word, command.block().mark("runs"), checkout);
      arguments.add(meant.endsWith("/RUN-ID") ? newest(Path.of(meant).getParent()) : meant);
    }
    return arguments.toArray(String[]::new);
  }

  private static String newest(Path runs) throws IOException {
    return listed(runs).stream()
        .filter(run -> Files.exists(run.resolve("run.json")))
        .reduce((before, after) -> after)
        .orElseThrow()
        .toString();
  }

  /** Makes keys as the page does, where nobody has. */
  private static void prepare(Command command, Path folder)
      throws IOException, InterruptedException {
    String lines =
        command
            .block()
            .text()
            .lines()
            .filter(it -> it.startsWith("openssl "))
            .collect(joining("\n"));
    if (!lines.isEmpty() && !Files.exists(folder.resolve("signing.pem"))) {
      Process bash =
          new ProcessBuilder("bash", "-e", "-c", lines)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, bash.waitFor(), said);
    }
  }

  /** With the reader's words replaced, and below the checkout what a page has below its folder. */
  private static String meant(String word, String mark, Path checkout) {
    String meant = word;
    for (String pair : list(mark).toList()) {
      String[] parts = pair.split("=", 2);
      meant = meant.replaceAll("(?<![A-Z])" + parts[0] + "(?=]?$)", parts[1]);
    }
    return meant.replaceFirst("^((?:[a-zA-Z.]+=)?\\[?)(conf|target)/", "$1" + checkout + "/$2/");
  }

  /** A few of each class, and a list of them. */
  private static void pictures(Path to) throws IOException {
    StringBuilder rows = new StringBuilder("path,label\n");
    for (Path label : listed(Path.of("conf/quickstart/pictures"))) {
      Path into = Files.createDirectories(to.resolve("pictures").resolve(label.getFileName()));
      for (Path file : listed(label).subList(0, A_CLASS)) {
        Files.copy(file, into.resolve(file.getFileName()));
        rows.append("pictures/%1$s/%2$s,%1$s%n".formatted(label.getFileName(), file.getFileName()));
      }
    }
    Files.writeString(to.resolve("pictures.csv"), rows);
  }

  /** The same ones, with their bytes. */
  private static void table(Path folder) {
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      spark
          .read()
          .format("binaryFile")
          .load(folder.resolve("pictures/*/*").toString())
          .selectExpr(
              "path", "content as bytes", "split(path, '/')[size(split(path, '/')) - 2] as label")
          .write()
          .parquet(folder.resolve("table").toString());
    }
  }

  private static List<Path> listed(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().collect(Collectors.toList());
    }
  }
}
