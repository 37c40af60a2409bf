package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.graft.job.Launch.Ended;
import org.graft.testing.Folders;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a second run computes anew, after one change to what the first one had. */
class IncrementalTest {
  private static final int PICTURES = 200;

  @TempDir static Path before;
  private static Ended first;

  @TempDir Path folder;
  private TinyJob job;

  @BeforeAll
  static void runOnce() throws IOException {
    TinyJob done = TinyJob.in(before, 2);
    Pictures.write(done.pictures(), 4, PICTURES / 4, 2);
    first = done.verb("train").well();
    assertEquals(PICTURES, first.count("extracted"));
  }

  @BeforeEach
  void copyAllThatTheFirstRunLeft() throws IOException {
    Folders.copy(before, folder);
    job = new TinyJob(folder, Launch.LOCAL);
  }

  private void assertExtracts(int extracted, int reused, Ended ended) {
    ended.well();
    assertEquals(extracted, ended.count("extracted"), ended.err());
    assertEquals(reused, ended.count("reused"), ended.err());
  }

  @Test
  void onePercentMoreExtractsOnePercentAndOneMoreOne() throws IOException {
    Pictures.one(job.pictures(), 0, 4, 1000, 2);
    Pictures.one(job.pictures(), 3, 4, 1001, 2);
    assertExtracts(2, PICTURES, job.verb("extract"));
    Pictures.one(job.pictures(), 1, 4, 1002, 2);
    assertExtracts(1, PICTURES + 2, job.verb("extract"));
  }

  @Test
  void otherNamesFoldersAndLabelsExtractNothing() throws IOException {
    Path renamed = Pictures.file(job.pictures(), 0, 7);
    Files.move(renamed, renamed.resolveSibling("another name, with 1 % & blanks.png"));
    Files.move(job.pictures().resolve("class-001"), job.pictures().resolve("a-new-class"));
    Ended moved = job.verb("train");
    assertExtracts(0, PICTURES, moved);
    assertNotEquals(first.head(), moved.head()); // its labels are others
    Files.move(
        Pictures.file(job.pictures(), 2, 1), job.pictures().resolve("class-003/once-of-002.png"));
    Ended relabelled = job.verb("train");
    assertExtracts(0, PICTURES, relabelled);
    assertNotEquals(moved.head(), relabelled.head());
  }

  @Test
  void aMovedPictureInTheSameClassGivesTheSameHead() throws IOException {
    Path deeper = Files.createDirectories(job.pictures().resolve("class-001/deep/er"));
    Files.move(Pictures.file(job.pictures(), 1, 1), deeper.resolve("x.png"));
    Ended moved = job.verb("train");
    assertExtracts(0, PICTURES, moved);
    assertEquals(first.head(), moved.head());
  }

  @Test
  void aChangedPictureIsExtractedAndAMissingOneForgotten() throws IOException {
    Files.write(Pictures.file(job.pictures(), 0, 7), Pictures.png(0, 4, 5000, 2));
    Files.delete(Pictures.file(job.pictures(), 0, 8));
    Ended ended = job.verb("train");
    assertExtracts(1, PICTURES - 2, ended);
    assertEquals(PICTURES - 1, ended.count("indexed"));
  }

  @Test
  void otherHeadsExtractNothing() throws IOException {
    Ended ended =
        job.verb(
            "train",
            "head.kind=mlp",
            "head.hidden=[5]",
            "train.learningRate=0.01",
            "averaging.workers=3",
            "split.train=0.5",
            "split.validation=0.25");
    assertExtracts(0, PICTURES, ended);
    assertNotEquals(first.head(), ended.head());
  }

  @Test
  void anotherPoolingOrCutExtractsAll() throws IOException {
    Ended pooling = job.verb("extract", "backbone.pooling=max");
    assertExtracts(PICTURES, 0, pooling);
    Ended cut = job.verb("extract", "backbone.cut=flat");
    assertExtracts(PICTURES, 0, cut);
    assertNotEquals(pooling.path("features"), cut.path("features"));
    assertNotEquals(first.path("features"), cut.path("features"));
  }

  @Test
  void whatWasRejectedIsTriedAgainUnderOtherLimitsAndByAnotherDecoder() throws IOException {
    byte[] wide = grey(300, 10); // by far less bytes than the noise of the others
    byte[] large = grey(20, 10);
    Path folder0 = job.pictures().resolve("class-000");
    Files.write(folder0.resolve("wide.png"), wide);
    Files.write(folder0.resolve("large.png"), Arrays.copyOf(large, 9000)); // zeros behind its end
    String[] narrow = {"limits.pixels=1000", "limits.bytes=8000", "limits.rejected=0.1"};
    Ended rejected = job.verb("extract", narrow);
    assertExtracts(0, PICTURES, rejected);
    assertEquals(2, rejected.count("rejected"), rejected.err());

    String[] decoded = Arrays.copyOf(narrow, 4);
    decoded[3] = "backbone.jpegScaling=draft";
    Ended decoder = job.verb("extract", decoded);
    assertExtracts(PICTURES, 0, decoder); // and both tried again, and rejected again
    assertEquals(2, decoder.count("rejected"), decoder.err());

    Ended limits = job.verb("extract");
    assertExtracts(2, PICTURES, limits);
    assertEquals(0, limits.count("rejected"));
  }

  private static byte[] grey(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", out);
    return out.toByteArray();
  }

  @Test
  void otherWeightsExtractAll() throws IOException {
    Path others = folder.resolve("others");
    TinyJob.in(others, 3);
    Ended ended = job.verb("extract", "backbone.weights=" + others.resolve("weights.zip"));
    assertExtracts(PICTURES, 0, ended);
  }
}
