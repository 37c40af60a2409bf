package org.graft.spark.tar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;

/** Shards that are cut short, altered, odd or hostile. */
class DamagedShardTest {
  private static final String SHARD = "/data/a.tar";
  private final MemoryStorage storage = new MemoryStorage();

  /** One member: its name, and its text. */
  private record File(String name, String text) {}

  private static byte[] tar(File... files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (File file : files) {
        TarArchiveEntry entry = new TarArchiveEntry(file.name);
        entry.setSize(file.text.length());
        tar.putArchiveEntry(entry);
        tar.write(file.text.getBytes(UTF_8));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private List<TarSample> samples(byte[] shard) throws IOException {
    storage.files().put(SHARD, shard);
    return samples(storage, shard.length);
  }

  private static List<TarSample> samples(Storage from, long length) throws IOException {
    List<TarSample> samples = new ArrayList<>();
    try (TarSamples all =
        new TarSamples(
            new TarMembers(from, SHARD, length), new TarFields("label", "split"), 1 << 20)) {
      all.forEachRemaining(samples::add);
    }
    return samples;
  }

  private String refusal(byte[] shard) {
    return assertThrows(UserError.class, () -> samples(shard)).getMessage();
  }

  private String rejection(File... files) throws IOException {
    List<TarSample> samples = samples(tar(files));
    assertEquals(1, samples.size(), samples::toString);
    return samples.get(0).reason() + ": " + samples.get(0).detail();
  }

  @Test
  void aShardThatWasCutShortIsNamedWithTheByteWhereverItWasCut() throws IOException {
    byte[] whole = tar(new File("cat/1.jpg", "x".repeat(700)), new File("cat/2.jpg", "yy"));
    assertEquals(2, samples(whole).size());
    for (int length = 1; length <= 3 * 512 + 1024; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      String told = refusal(cut);
      assertTrue(
          told.startsWith("Cannot read shard " + SHARD + ": at byte ")
              && told.endsWith("Fetch or pack it again, or take it out of the source."),
          length + ": " + told);
    }
    assertTrue(
        refusal(Arrays.copyOf(whole, 1200))
            .contains("at byte 512 it is damaged ('cat/1.jpg' should have 700 bytes"));
    assertTrue(
        refusal(Arrays.copyOf(whole, 3 * 512))
            .contains("at byte 1536 it is damaged (it ends without tar's end mark"));
  }

  @Test
  void anAlteredHeaderIsFound() throws IOException {
    byte[] whole = tar(new File("cat/1.jpg", "1"), new File("cat/2.jpg", "2"));
    byte[] altered = whole.clone();
    altered[1024 + 3] ^= 1;
    assertTrue(
        refusal(altered).contains("at byte 1024 it is damaged (a header's checksum is wrong)"));
    byte[] size = whole.clone();
    size[124] = '?';
    assertTrue(refusal(size).contains("at byte 0 it is damaged ("), () -> refusal(size));
  }

  /** No size, name or record in a header may take memory or time beyond the shard's own length. */
  @Test
  void anyAlteredByteGivesSamplesOrARefusal() throws IOException {
    byte[] whole =
        tar(
            new File("cat/" + "n".repeat(150) + ".jpg", "1"),
            new File("cat/2.jpg", "2"),
            new File("cat/2.json", "{\"label\": \"dog\"}"));
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] altered = whole.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
      }
      try {
        assertTrue(samples(altered).size() <= 3);
      } catch (UserError refused) {
        assertTrue(refused.getMessage().startsWith("Cannot read shard " + SHARD));
      }
    }
  }

  @Test
  void aNameOfManyMegabytesIsRefusedBeforeItIsRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512)) {
      TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
      name.setSize(5 << 20);
      tar.putArchiveEntry(name);
      tar.write(new byte[5 << 20]);
      tar.closeArchiveEntry();
    }
    assertTrue(refusal(bytes.toByteArray()).contains("its header is too long"));
  }

  @Test
  void aCompressedShardIsRefusedWhateverItsName() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(tar(new File("cat/1.jpg", "1")));
    }
    assertEquals(
        "Cannot read shard "
            + SHARD
            + ": it is compressed, so a picture in it cannot be reached without reading all that"
            + " stand before it. Unpack it with gunzip and use the .tar; pictures hardly get"
            + " smaller by compression.",
        refusal(bytes.toByteArray()));
  }

  @Test
  void aFailingDiskIsNotTakenForADamagedShard() throws IOException {
    byte[] whole = tar(new File("cat/1.jpg", "1"));
    Storage failing =
        new MemoryStorage() {
          @Override
          public InputStream open(String path) {
            return new FilterInputStream(InputStream.nullInputStream()) {
              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("Connection reset");
              }
            };
          }
        };
    IOException e = assertThrows(IOException.class, () -> samples(failing, whole.length));
    assertEquals("Connection reset", e.getMessage());
  }

  @Test
  void whatIsNoSampleIsRejectedAndCounted() throws IOException {
    assertEquals(
        "UNSUPPORTED: its key has the members [npy, cls], and a sample has one picture (jpg, jpeg,"
            + " png, gif or bmp)",
        rejection(new File("a/1.npy", "1"), new File("a/1.cls", "cat")));
    assertEquals(
        "UNSUPPORTED: its key has the members [jpg, png], and a sample has one picture (jpg, jpeg,"
            + " png, gif or bmp)",
        rejection(new File("a/1.jpg", "1"), new File("a/1.png", "2")));
    assertTrue(
        rejection(new File("a/1.jpg", "1"), new File("a/1.jpg", "2"))
            .contains("[jpg], some of them twice"));
    assertTrue(
        rejection(new File("a/1.jpg", "1"), new File("a/1.json", "{\"label\""))
            .startsWith("UNKNOWN_LABEL: Cannot read its .json: "));
    assertEquals(
        "UNKNOWN_LABEL: 'label' in its .json is no label: {name=cat}",
        rejection(
            new File("a/1.jpg", "1"), new File("a/1.json", "{\"label\":{\"name\":\"cat\"}}")));
    assertEquals(
        "UNKNOWN_LABEL: its .cls is a link or has more than 1048576 bytes",
        rejection(new File("a/1.jpg", "1"), new File("a/1.cls", "c".repeat((1 << 20) + 1))));
    assertTrue(rejection(new File("README", "read me")).startsWith("UNSUPPORTED: its key has"));
  }

  @Test
  void linksAreRejectedAndWhatSystemsLeaveBehindIsPassedOver() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512)) {
      for (String name : List.of("__index__", ".DS_Store", "cat/._1.jpg", "./.git/2.jpg")) {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
      }
      TarArchiveEntry link = new TarArchiveEntry("cat/3.jpg", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      tar.putArchiveEntry(new TarArchiveEntry("cat/pipe.jpg", TarConstants.LF_FIFO));
      tar.closeArchiveEntry();
    }
    List<TarSample> samples = samples(bytes.toByteArray());
    assertEquals(1, samples.size(), samples::toString);
    assertEquals("cat/3.jpg", samples.get(0).name());
    assertEquals(
        "it is a link to another member: pack the files themselves", samples.get(0).detail());
  }
}
