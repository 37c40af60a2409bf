package org.graft.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.SeededHash;
import org.graft.common.UserError;

/** Texts to measure with. */
final class BenchTexts {
  private static final String[] WORDS =
      ("the of and to in that is was he for it with as his on be at by had not are but from or have"
              + " an they which one you were her all she there would their we him been has when who"
              + " will more no if out so said what up its about into than them can only other new"
              + " some could time these two may then do first any my now such like our over man me"
              + " even most made after also did many before must through years where much your way"
              + " well down should because each just those people how too little state good very"
              + " world still own see men work long get here between both life being under never")
          .split(" ");
  private static final int FEWEST = 5;
  private static final int SPREAD = 41;

  private BenchTexts() {}

  /** Sentences of 5 to 45 common words, the same every time. */
  static List<String> made(int n) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int length = FEWEST + (int) Math.floorMod(SeededHash.hash(1, i), (long) SPREAD);
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < length; word++) {
        int which = (int) Math.floorMod(SeededHash.hash(2, i, word), (long) WORDS.length);
        text.append(word == 0 ? "" : " ").append(WORDS[which]);
      }
      texts.add(text.append('.').toString());
    }
    return texts;
  }

  /** The first lines of a file that are not blank. */
  static List<String> in(Path file, int most) throws IOException {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      List<String> texts = lines.filter(line -> !line.isBlank()).limit(most).toList();
      if (texts.isEmpty()) {
        throw new UserError(
            "Cannot bench with --texts %s: it has no line of text. Give one text a line."
                .formatted(file));
      }
      return texts;
    }
  }
}
