package org.graft.spark.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.graft.sample.RejectedException;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;

/** What was written comes back, and equal samples are equal bytes. */
class TarShardWriterTest {
  private static PackedSample sample(String name, String split, String... labels) {
    return new PackedSample(name, List.of(labels), split, ("bytes of " + name).getBytes(UTF_8));
  }

  private static byte[] write(PackedSample... samples) throws IOException, RejectedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarShardWriter writer = new TarShardWriter(bytes)) {
      for (PackedSample sample : samples) {
        writer.add(sample);
      }
    }
    return bytes.toByteArray();
  }

  private static List<TarSample> read(byte[] shard) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    storage.files().put("/s.tar", shard);
    List<TarSample> samples = new ArrayList<>();
    try (TarSamples all =
        new TarSamples(
            new TarMembers(storage, "/s.tar", shard.length),
            new TarFields("label", "split"),
            1 << 20)) {
      all.forEachRemaining(samples::add);
    }
    return samples;
  }

  private static List<String> names(PackedSample... samples) throws Exception {
    return read(write(samples)).stream().map(TarSample::name).toList();
  }

  @Test
  void labelsSplitsAndBytesComeBack() throws Exception {
    String deep = "d/".repeat(120) + "x".repeat(120) + ".jpg";
    PackedSample unlabelled = new PackedSample("cat/2.gif", null, null, new byte[] {1});
    List<TarSample> read =
        read(
            write(
                sample("cat/1.jpg", "test", "big cat"),
                unlabelled,
                sample(deep, null, "a", "ä\u4e2d"),
                sample("cat/3.bmp", "train")));
    assertEquals(4, read.size());
    assertEquals(List.of("big cat"), read.get(0).labels());
    assertEquals("test", read.get(0).split());
    assertEquals(null, read.get(1).labels(), "not the folder's name");
    assertEquals(List.of("a", "ä\u4e2d"), read.get(2).labels());
    assertEquals(deep, read.get(2).name());
    assertArrayEquals(("bytes of " + deep).getBytes(UTF_8), read.get(2).content());
    assertEquals(List.of(), read.get(3).labels());
  }

  @Test
  void namesThatWouldEndTheKeyOrHideTheSampleAreChanged() throws Exception {
    assertEquals(
        List.of("a/b_c_v2.jpg", "a/b.jpg", "a/b~2.png", "_git/x.jpg", "a/_hidden.gif", "__x__.jpg"),
        names(
            sample("a/b.c.v2.jpg", null),
            sample("a/b.jpg", null),
            sample("a/b.png", null),
            sample(".git/x.jpg", null),
            sample("a/.hidden.gif", null),
            sample("__x__.jpg", null)));
  }

  @Test
  void theKindIsThatOfTheBytesWhereTheNameDoesNotSay() throws Exception {
    byte[] gif = "GIF89a and more".getBytes(UTF_8);
    assertEquals(
        List.of("a/picture_dat.gif"), names(new PackedSample("a/picture.dat", null, null, gif)));
    RejectedException e =
        assertThrows(RejectedException.class, () -> write(sample("a/text.dat", null)));
    assertEquals(
        "UNSUPPORTED: no picture: text that begins \"bytes of a/text.\" (known: JPEG, PNG, GIF, BMP)",
        e.reason() + ": " + e.getMessage());
    assertThrows(RejectedException.class, () -> write(sample("a.jpg", null, "two\nlines")));
  }

  @Test
  void noHeaderHasAnOwnerOrATime() throws Exception {
    byte[] shard = write(sample("犬/" + "n".repeat(200) + ".jpg", null, "犬"));
    int headers = 0;
    for (int at = 0; at < shard.length; at += 512) {
      if (new String(shard, at + 257, 5, UTF_8).equals("ustar")) {
        headers++;
        assertEquals("0000000 ".repeat(2), new String(shard, at + 108, 16, UTF_8), "ids");
        assertEquals("00000000000 ", new String(shard, at + 136, 12, UTF_8), "time");
        assertEquals("\0".repeat(64), new String(shard, at + 265, 64, UTF_8), "names");
      }
    }
    assertEquals(4, headers, "two members, each with its PAX records");
  }
}
