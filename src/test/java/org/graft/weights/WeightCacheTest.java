package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
  private static final WeightFetcher.Patience IMPATIENT =
      new WeightFetcher.Patience(
          3, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMillis(500));

  @TempDir Path folder;

  private final byte[] weights = new byte[300_000];
  private final List<Long> progress = Collections.synchronizedList(new ArrayList<>());
  private String sha256;
  private WeightServer server;
  private WeightCache cache;

  @BeforeEach
  void start() throws IOException {
    new SplittableRandom(1).nextBytes(weights);
    sha256 = Digest.of(weights);
    server = new WeightServer(weights);
    WeightFetcher fetcher =
        fetcher(
            (bytes, total) -> {
              assertEquals(weights.length, total);
              progress.add(bytes);
            });
    cache = new WeightCache(folder, fetcher);
  }

  private WeightFetcher fetcher(WeightFetcher.Progress listener) {
    return new WeightFetcher(new Downloads(folder, "", false), IMPATIENT, listener, Map.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesOnceAndReportsProgress() throws IOException {
    WeightSource source = source(sha256, server.url("/whole"));
    assertHolds(weights, cache.get(source));
    assertHolds(weights, cache.get(source));
    assertEquals(List.of("whole 0"), server.requests());
    assertEquals((long) weights.length, Collections.max(progress));
    assertEquals(List.of("net.pth"), landed());
  }

  @Test
  void aLeadingPartOfTheDigestIsEnough() throws IOException {
    assertHolds(weights, cache.get(source(sha256.substring(0, 8), server.url("/whole"))));
  }

  @Test
  void takesUpABrokenDownloadWhereItBroke() throws IOException {
    assertHolds(weights, cache.get(source(sha256, server.url("/cut/120000"))));
    assertEquals(List.of("cut 0", "cut 120000", "cut 240000"), server.requests());
  }

  @Test
  void takesUpWhatAnEarlierRunLeft() throws IOException {
    Files.write(part(), Arrays.copyOf(weights, 1000));
    assertHolds(weights, cache.get(source(sha256, server.url("/whole"))));
    assertEquals(List.of("whole 1000"), server.requests());
  }

  @Test
  void landsAnEarlierRunsCompletePart() throws IOException {
    Files.write(part(), weights);
    assertHolds(weights, cache.get(source(sha256, server.url("/whole"))));
    assertEquals(List.of("whole " + weights.length), server.requests());
  }

  @Test
  void beginsAnewIfTheServerTakesUpNothing() throws IOException {
    Files.write(part(), new byte[1000]);
    assertHolds(weights, cache.get(source(sha256, server.url("/norange"))));
  }

  @Test
  void beginsAnewIfTheEarlierPartIsOfAnotherFile() throws IOException {
    Files.write(part(), new byte[1000]);
    assertHolds(weights, cache.get(source(sha256, server.url("/whole"))));
    assertEquals(List.of("whole 1000", "whole 0"), server.requests());
  }

  @Test
  void beginsAnewIfTheEarlierPartIsTooLong() throws IOException {
    Files.write(part(), new byte[weights.length + 1]);
    assertHolds(weights, cache.get(source(sha256, server.url("/whole"))));
  }

  @Test
  void neverTakesUpAFileWithoutDigest() throws IOException {
    Files.write(part(), new byte[1000]);
    assertHolds(weights, cache.get(source(null, server.url("/whole"))));
    assertEquals(List.of("whole 0"), server.requests());
  }

  @Test
  void followsRedirects() throws IOException {
    assertHolds(weights, cache.get(source(sha256, server.url("/redirect/whole"))));
  }

  @Test
  void triesEveryLocationAndNamesTheirCauses() throws IOException {
    String nowhere = "http://127.0.0.1:1/net.pth";
    String missing = folder.resolve("absent").toUri().toString();
    List<String> bad =
        List.of(server.url("/missing"), server.url("/busy"), nowhere, missing, "ftp://x/y", "%");
    WeightSource source = source(sha256, bad.toArray(new String[0]));
    String message = assertThrows(UserError.class, () -> cache.get(source)).getMessage();
    assertTrue(message.startsWith("Cannot fetch the weights net.pth:"), message);
    assertTrue(message.contains(bad.get(0) + ": HTTP status 404"), message);
    assertTrue(message.contains(bad.get(1) + ": HTTP status 503"), message);
    assertTrue(message.contains(nowhere + ": no connection"), message);
    assertTrue(message.contains(missing + ": no such file"), message);
    assertTrue(message.contains("ftp://x/y: its kind is not one of"), message);
    assertTrue(message.contains("%: IllegalArgumentException"), message);
    assertTrue(
        message.contains("Give a local copy with -s backbone.weights=FILE, or put it at " + folder),
        message);
    assertEquals(List.of("missing 0", "busy 0", "busy 0", "busy 0"), server.requests());

    List<String> good = new ArrayList<>(bad);
    good.add(server.url("/whole"));
    assertHolds(weights, cache.get(source(sha256, good.toArray(new String[0]))));
  }

  @Test
  void refusesWrongBytesAndKeepsNoneOfThem() throws IOException {
    String other = Digest.of("other");
    WeightSource source = source(other, server.url("/whole"));
    String message = assertThrows(UserError.class, () -> cache.get(source)).getMessage();
    assertTrue(
        message.contains("the SHA-256 is wrong (got " + sha256 + ", expected " + other + ")"),
        message);
    assertEquals(List.of(), landed());
  }

  @Test
  void refusesMoreBytesThanTheFileHas() throws IOException {
    WeightSource source =
        new WeightSource("net.pth", List.of(server.url("/whole")), sha256, 299_999L);
    String message = assertThrows(UserError.class, () -> cache.get(source)).getMessage();
    assertTrue(message.contains("it has at least 300000 bytes, expected 299999"), message);
    assertEquals(1, server.requests().size());
  }

  @Test
  void givesUpOnASilentServer() {
    WeightFetcher fetcher = fetcher(WeightFetcher.Progress.NONE);
    WeightSource source = source(sha256, server.url("/silent"));
    String message =
        assertThrows(UserError.class, () -> new WeightCache(folder, fetcher).get(source))
            .getMessage();
    assertTrue(message.contains("HttpTimeoutException: no byte for"), message);
  }

  @Test
  void replacesACachedFileThatWasDamaged() throws IOException {
    Files.write(folder.resolve("net.pth"), new byte[10]);
    assertHolds(weights, cache.get(source(sha256, server.url("/whole"))));
  }

  @Test
  void readsFilesAndTheClassPath() throws IOException {
    Path original = Files.write(folder.resolve("original"), weights);
    assertHolds(weights, cache.get(source(sha256, original.toUri().toString())));
    byte[] golden = Files.readAllBytes(GoldenTensors.path("tiny.safetensors"));
    WeightSource resource =
        new WeightSource("tiny", List.of("classpath:/golden/weights/tiny.safetensors"), null, null);
    assertHolds(golden, cache.get(resource));
  }

  @Test
  void manyAtOnceFetchOnce() throws Exception {
    WeightSource source = source(sha256, server.url("/whole"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Path>> files = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        files.add(threads.submit(() -> cache.get(source)));
      }
      for (Future<Path> file : files) {
        assertHolds(weights, file.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(List.of("whole 0"), server.requests());
  }

  @Test
  void anUnusableCacheFolderIsTheUsersToMend() throws IOException {
    Path file = Files.write(folder.resolve("occupied"), new byte[0]);
    WeightCache elsewhere = new WeightCache(file, fetcher(WeightFetcher.Progress.NONE));
    WeightSource source = source(sha256, server.url("/whole"));
    String message = assertThrows(UserError.class, () -> elsewhere.get(source)).getMessage();
    assertTrue(message.contains("Cannot keep weights in the cache folder " + file), message);
    assertTrue(message.contains("Set GRAFT_CACHE"), message);
  }

  @Test
  void theFolderComesFromTheEnvironment() {
    assertEquals(Path.of("/x/y"), WeightCache.defaultFolder(Map.of("GRAFT_CACHE", "/x/y")));
    assertTrue(WeightCache.defaultFolder(Map.of()).endsWith(".cache/graft/weights"));
  }

  @Test
  void aUsersOwnFileIsHeldAgainstTheDigestToo() throws IOException {
    Path own = Files.write(folder.resolve("own.pth"), weights);
    assertEquals(sha256, Sha256.verify(own, null));
    assertEquals(sha256, Sha256.verify(own, sha256.substring(0, 12).toUpperCase(Locale.ROOT)));
    assertRefused(own, "00000000", "(got " + sha256 + ", expected 00000000)");
    assertRefused(own, "resnet", "'resnet' is no SHA-256");
    assertRefused(folder.resolve("none"), sha256, "there is no such file");
  }

  private static void assertRefused(Path file, String sha256, String why) {
    String message = assertThrows(UserError.class, () -> Sha256.verify(file, sha256)).getMessage();
    assertTrue(message.contains(why) && message.contains(file.toString()), message);
  }

  private Path part() {
    return folder.resolve("net.pth.part");
  }

  private static WeightSource source(String sha256, String... locations) {
    return new WeightSource("net.pth", List.of(locations), sha256, null);
  }

  private static void assertHolds(byte[] expected, Path file) throws IOException {
    assertArrayEquals(expected, Files.readAllBytes(file));
    assertFalse(Files.exists(file.resolveSibling(file.getFileName() + ".part")));
  }

  /** Names in the cache folder, but for locks. */
  private List<String> landed() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }
}
