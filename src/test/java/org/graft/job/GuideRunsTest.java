package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graft.job.GuideCommands.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of the pages that a comment marks, {@code <!-- runs: WORD=path, WORD=path -->}, run one
 * after the other, on a few of the quickstart's pictures. (All of README's first walk is run by
 * {@code QuickstartIT}.)
 */
class GuideRunsTest {
  private static final int A_CLASS = 8;

  @TempDir Path folder;

  @Test
  void markedCommandsRun() throws IOException, InterruptedException {
    GuideCommands guide = GuideCommands.run(folder);
    pictures(guide.checkout().resolve("conf/quickstart"));
    Launch launch = new Launch("local[2]", Map.of("spark.sql.shuffle.partitions", "2"), null);
    int ran = 0;
    for (Command command : guide.commands()) {
      if (command.block().marks().containsKey("runs")) {
        long began = System.nanoTime();
        String[] arguments =
            command.words().stream()
                .map(word -> meant(word, command.block().mark("runs"), guide.checkout()))
                .toArray(String[]::new);
        Launch.Ended ended = launch.run(arguments);
        assertTrue(
            ended.status() == 0,
            () -> command.where() + " ended with " + ended.status() + "\n" + ended.err());
        System.out.printf(
            "guide: ran %s, %.1f s%n", command.where(), (System.nanoTime() - began) / 1e9);
        ran++;
      }
    }
    assertTrue(ran > 6, "where are they?");
  }

  /** With the reader's words replaced, and below the checkout what a page has below its folder. */
  private static String meant(String word, String mark, Path checkout) {
    String meant = word;
    for (String pair : mark.isEmpty() ? new String[0] : mark.split(", *", -1)) {
      String[] parts = pair.split("=", 2);
      meant = meant.replaceAll("(?<![A-Z])" + parts[0] + "$", parts[1]);
    }
    return meant.replaceFirst("^((?:[a-zA-Z.]+=)?)(conf|target)/", "$1" + checkout + "/$2/");
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

  private static List<Path> listed(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().collect(Collectors.toList());
    }
  }
}
