package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.graft.job.Launch.Ended;
import org.graft.testing.RealData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A head that only ever heard programs speak (conf/speech) knows the digits that a woman spoke: ten
 * recordings of Debian's {@code asterisk-core-sounds-en-wav}, of 8,000 samples a second.
 */
@Tag(RealData.TAG)
class HumanDigitsTest {
  private static final Path SPEECH = Path.of("conf/speech");
  private static final List<String> WORDS =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  @TempDir Path folder;

  @Test
  void aHeadOfSpeakingProgramsKnowsDigitsOfAHuman() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(SPEECH.resolve("digits.csv"))) {
      lines.add(line.replaceFirst(",test$", ",train"));
      copy(SPEECH, line.substring(0, line.indexOf(',')));
    }
    Path human =
        RealData.debian(
            "asterisk-core-sounds-en-wav", "usr/share/asterisk/sounds/en_US_f_Allison/digits");
    for (int i = 0; i < WORDS.size(); i++) {
      lines.add(i + ".wav," + WORDS.get(i) + ",test");
      copy(human, i + ".wav");
    }
    Files.write(folder.resolve("digits.csv"), lines);
    String[] args =
        Stream.concat(
                Stream.of("run", "conf/speech.yaml"),
                Stream.of(
                        "source.path=" + folder.resolve("digits.csv"),
                        "workspace=" + folder.resolve("workspace"))
                    .flatMap(setting -> Stream.of("-s", setting)))
            .toArray(String[]::new);
    Ended ended = Launch.LOCAL.run(args).well();
    double accuracy = ended.metric("accuracy");
    System.out.printf("digits of a human: %.0f of %d%n", accuracy * WORDS.size(), WORDS.size());
    assertEquals(430, ended.count("extracted"));
    assertTrue(accuracy >= 0.9, ended.err());
  }

  private void copy(Path from, String name) throws IOException {
    if (Files.isRegularFile(from.resolve(name))) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.copy(from.resolve(name), folder.resolve(name));
    }
  }
}
