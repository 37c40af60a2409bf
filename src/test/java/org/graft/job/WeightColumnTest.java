package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.graft.job.Launch.Ended;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples weighed by a column of their source. */
class WeightColumnTest {
  @TempDir static Path folder;
  private static TinyJob job;

  @BeforeAll
  static void makePictures() throws IOException {
    job = TinyJob.in(folder, 22);
    Pictures.write(job.pictures(), 2, 12, 22);
  }

  /** The column is part of what a head is known by, so its values are, too. */
  @Test
  void theValuesDecide() throws IOException {
    String plain = train("plain", i -> "", "train.weightColumn=").well().head();
    assertEquals(plain, train("ones", i -> i % 2 == 0 ? "" : "1").well().head());
    String some = train("some", i -> i % 3 + ".5").well().head();
    assertNotEquals(plain, some);
    assertEquals(some, train("again", i -> " " + (i % 3) + ".5").well().head());
    assertNotEquals(some, train("other", i -> (i + 1) % 3 + ".5").well().head());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "heavy"}) // all others: SampleWeightsTest
  void aWeightThatIsNoneIsRefusedBeforePicturesAreRead(String bad) throws IOException {
    Ended ended = train("bad", i -> i == 5 || i == 7 ? bad : "2");
    assertEquals(2, ended.status());
    assertTrue(ended.err().contains("Cannot weigh sample "), ended.err());
    assertTrue(
        ended
            .err()
            .contains(
                "column 'w' is '%s', and a weight is a number, 0 or more. Correct it, or leave it empty for a weight of 1."
                    .formatted(bad)),
        ended.err());
    assertTrue(!ended.err().contains("extracted"), ended.err());
  }

  @Test
  void aColumnThatIsNotThereIsRefused() throws IOException {
    Ended ended = train("missing", i -> "1", "train.weightColumn=ww");
    assertEquals(2, ended.status());
    assertTrue(ended.err().contains("Did you mean 'w'?"), ended.err());
  }

  private static Ended train(String name, IntFunction<String> weight, String... more)
      throws IOException {
    StringBuilder csv = new StringBuilder("label,path,w\n");
    int i = 0;
    for (Path file : Pictures.in(job.pictures())) {
      String label = file.getParent().getFileName().toString();
      csv.append("%s,%s,%s%n".formatted(label, folder.relativize(file), weight.apply(i++)));
    }
    Files.writeString(folder.resolve(name + ".csv"), csv);
    String[] settings = new String[more.length + 4];
    settings[0] = "source.kind=manifest";
    settings[1] = "source.path=" + folder.resolve(name + ".csv");
    settings[2] = "train.weightColumn=w";
    settings[3] = "train.epochs=2";
    System.arraycopy(more, 0, settings, 4, more.length);
    return job.verb("train", settings);
  }
}
