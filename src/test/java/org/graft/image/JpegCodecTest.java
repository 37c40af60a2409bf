package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.Size;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What native code must be held to: damage, threads, memory. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class JpegCodecTest {
  private static final long PIXELS = 100_000;

  private final JpegCodec codec = ServiceLoader.load(JpegCodec.class).findFirst().orElseThrow();
  private final ImageDecoder jdk = new ImageIoDecoder(PIXELS, Alpha.DROP);
  private final ImageDecoder whole = PictureDecoder.of(PIXELS, Alpha.DROP, JpegScaling.NONE);
  private final ImageDecoder draft = PictureDecoder.of(PIXELS, Alpha.DROP, JpegScaling.DRAFT);

  /** The JDK's reader, which passes libjpeg's warnings on, says which bytes are a picture. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "photo-420.jpg", "photo-422.jpg", "photo-progressive.jpg", "photo-restart.jpg",
        "photo-grey.jpg", "rgb-coded.jpg", "exif-6.jpg", "ycck.jpg"
      })
  void damageIsJudgedAsByTheJdk(String name) {
    byte[] content = Golden.bytes(name);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    int healthy = 0;
    for (int i = 0; i < 300; i++) {
      byte[] mutated = mutated(content, random);
      boolean picture = decodes(mutated, jdk);
      healthy += picture ? 1 : 0;
      assertEquals(picture, decodes(mutated, whole), name + " " + i);
      assertEquals(picture, decodes(mutated, draft), name + " " + i + " at a part of its size");
    }
    assertTrue(healthy > 0 && healthy < 300, name + ": " + healthy + " stayed healthy");
  }

  private static boolean decodes(byte[] content, ImageDecoder decoder) {
    try {
      decoder.decode(content, (width, height) -> new Size(height / 8 + 1, width / 8 + 1));
      return true;
    } catch (RejectedException e) {
      return false;
    }
  }

  /** A few bytes changed anywhere, or the end gone. */
  private static byte[] mutated(byte[] whole, SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      return Arrays.copyOf(whole, random.nextInt(1, whole.length));
    }
    byte[] content = whole.clone();
    for (int hits = 1 + random.nextInt(2); hits > 0; hits--) {
      content[random.nextInt(2, content.length)] = (byte) random.nextInt(256);
    }
    return content;
  }

  /** No warning passes: even of harmless bytes, which the JDK's reader then forgives. */
  @Test
  void aWarningIsNoPicture() throws RejectedException {
    byte[] plain = Golden.bytes("drawing-odd.jpg");
    byte[] junkBeforeTheEnd = Arrays.copyOf(plain, plain.length + 40);
    Arrays.fill(junkBeforeTheEnd, plain.length - 2, plain.length + 38, (byte) 1);
    junkBeforeTheEnd[plain.length + 38] = (byte) 0xff;
    junkBeforeTheEnd[plain.length + 39] = (byte) 0xd9;
    assertTrue(codec.decode(plain, 37, 53, 1).isPresent());
    assertFalse(codec.decode(junkBeforeTheEnd, 37, 53, 1).isPresent());
    assertFalse(codec.decode(Arrays.copyOf(plain, plain.length / 2), 37, 53, 1).isPresent());
    assertFalse(codec.decode(new byte[0], 37, 53, 1).isPresent());
    assertEquals(whole.decode(plain), whole.decode(junkBeforeTheEnd));
  }

  @Test
  void manyThreadsGetTheSameBits() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> digests = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        byte[] content = Golden.bytes(Golden.JPEGS[i % Golden.JPEGS.length]);
        digests.add(threads.submit(() -> whole.decode(content).hashCode()));
      }
      for (int i = Golden.JPEGS.length; i < digests.size(); i++) {
        assertEquals(digests.get(i % Golden.JPEGS.length).get(), digests.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Healthy and damaged pictures alike give their native memory back. */
  @Test
  void memoryDoesNotGrow() throws IOException {
    byte[] healthy = Golden.bytes("photo-420.jpg");
    byte[] damaged = Arrays.copyOf(healthy, healthy.length / 2);
    decodeOften(healthy, damaged, 1_000);
    long before = nativeKilobytes();
    decodeOften(healthy, damaged, 4_000);
    long grown = nativeKilobytes() - before;
    // a leak of pixels or file would be 80 kB a picture: 320 MB
    assertTrue(grown < 60_000, "native memory grew by " + grown + " kB in 8,000 decodes");
  }

  private void decodeOften(byte[] healthy, byte[] damaged, int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(codec.decode(healthy, 200, 133, 1 << (i & 3)).isPresent());
      assertFalse(codec.decode(damaged, 200, 133, 1).isPresent());
    }
  }

  /** Resident and not the Java heap's. */
  private static long nativeKilobytes() throws IOException {
    long heap = Runtime.getRuntime().totalMemory() / 1024;
    return -heap
        + Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
  }
}
