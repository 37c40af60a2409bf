package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The head is a function of config and pictures, not of how Spark cuts and runs the work. */
class DeterminismTest {
  private static final int PICTURES = 90;

  @TempDir static Path folder;
  private static TinyJob job;
  private static String head;

  @BeforeAll
  static void runOnce() throws IOException {
    job = TinyJob.in(folder.resolve("job"), 6);
    Pictures.write(job.pictures(), 3, PICTURES / 3, 6);
    head = job.on(Launch.on("local[1]")).verb("train", "extract.partitions=1").well().head();
  }

  private static Ended elsewhere(String master, String workspace, String... settings)
      throws IOException {
    String[] all = List.of(settings).toArray(new String[settings.length + 1]);
    all[settings.length] = "workspace=" + folder.resolve(workspace);
    Ended ended = job.on(Launch.on(master)).verb("train", all).well();
    assertEquals(PICTURES, ended.count("extracted"));
    return ended;
  }

  @Test
  void threePartitionsAndTwoCoresGiveTheSameHead() throws IOException {
    assertEquals(
        head, elsewhere("local[2]", "three", "extract.partitions=3", "extract.readers=1").head());
  }

  @Test
  void eightPartitionsAndFilesThatCameInAnotherOrderGiveTheSameHead(@TempDir Path own)
      throws IOException {
    List<Path> files = Pictures.in(job.pictures());
    Collections.shuffle(files, new Random(6));
    for (Path file : files) {
      Path copy = own.resolve(job.pictures().relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
    Ended ended = elsewhere("local[2]", "eight", "extract.partitions=8", "source.path=" + own);
    assertEquals(head, ended.head());
  }

  @Test
  void sixtyFourPartitionsGiveTheSameHead() throws IOException {
    assertEquals(head, elsewhere("local[2]", "many", "extract.partitions=64").head());
  }

  @Test
  void anotherSeedGivesAnotherHead() throws IOException {
    Ended seeded = job.verb("train", "seed=7").well();
    assertEquals(0, seeded.count("extracted"));
    assertNotEquals(head, seeded.head());
  }

  @Test
  void oneAndThreeWorkersDifferAndEachIsReproducible() throws IOException {
    String one = job.verb("train", "averaging.workers=1").well().head();
    String three = job.verb("train", "averaging.workers=3").well().head();
    assertNotEquals(one, three);
    assertNotEquals(head, three);
    Folders.delete(job.workspace().resolve("heads")); // or they would be reused
    TinyJob narrow = job.on(Launch.on("local[1]"));
    assertEquals(one, job.verb("train", "averaging.workers=1").well().head());
    assertEquals(three, narrow.verb("train", "averaging.workers=3").well().head());
  }

  @Test
  void dl4jsOwnAveragingIsForComparisonAndItsHeadIsKept() throws IOException {
    String[] stock = {"averaging.kind=dl4j-stock", "train.batch=8"};
    Ended first = job.verb("train", stock).well();
    assertTrue(first.err().contains("dl4j-stock is for comparison"), first.err());
    Ended again = job.verb("train", stock).well();
    assertTrue(again.err().contains("reused: 4 epochs"), again.err());
    assertEquals(first.head(), again.head());
  }

  @Test
  void twoClassesWork() throws IOException {
    TinyJob two = TinyJob.in(folder.resolve("two"), 6);
    Pictures.write(two.pictures(), 2, 20, 8);
    assertTrue(two.run().well().metric("accuracy") >= 0.5);
  }

  @Test
  void twoHundredClassesWork() throws IOException {
    TinyJob many = TinyJob.in(folder.resolve("many"), 6);
    Pictures.write(many.pictures(), 200, 5, 9);
    Ended ended = many.run("train.batch=256").well();
    assertEquals(1000, ended.count("extracted"));
    double accuracy = ended.metric("accuracy");
    assertTrue(accuracy > 0.01, "chance is 0.005, this is " + accuracy);
  }
}
