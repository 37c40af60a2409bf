package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server that stands for a hub, a mirror, a proxy and a storage service. */
class PublishedWeightsTest {
  private static final WeightFetcher.Patience IMPATIENT =
      new WeightFetcher.Patience(
          1, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMillis(500));

  /** The shortest safetensors file. */
  private static final byte[] WEIGHTS = "\2\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path cache;

  /** What was asked: path, host and secret. */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private HttpServer server;
  private String home;
  private volatile String announced;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    home = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      asked.add(
          "%s %s"
              .formatted(
                  path, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
      if (redirects.containsKey(path)) {
        exchange.getResponseHeaders().set("Location", redirects.get(path));
        if (announced != null) {
          exchange.getResponseHeaders().set("X-Linked-Etag", '"' + announced + '"');
        }
        exchange.sendResponseHeaders(302, -1);
      } else if (files.containsKey(path)) {
        exchange.sendResponseHeaders(200, files.get(path).length);
        exchange.getResponseBody().write(files.get(path));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private PublishedWeights published(String mirror, boolean offline) {
    return new PublishedWeights(
        new Downloads(cache, mirror, offline), IMPATIENT, WeightFetcher.Progress.NONE, environment);
  }

  private String refusal(PublishedWeights published, String address) {
    return assertThrows(UserError.class, () -> published.get(address, null)).getMessage();
  }

  @Test
  void anAddressOfAHubIsAFileOfItsRepository() throws IOException {
    environment.put("HF_ENDPOINT", home + "/");
    files.put("/timm/net.a1_in1k/resolve/main/model.safetensors", WEIGHTS);
    files.put("/timm/net.a1_in1k/resolve/v1.0/sub/model.pth", WEIGHTS);
    PublishedWeights published = published("", false);
    Path main = published.get("hf://timm/net.a1_in1k/model.safetensors", null);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(main));
    assertEquals("model.safetensors", main.getFileName().toString());
    Path tagged = published.get("hf://timm/net.a1_in1k@v1.0/sub/model.pth", null);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(tagged));
    assertEquals(2, asked.size());
    assertEquals(main, published.get("hf://timm/net.a1_in1k/model.safetensors", null));
    assertEquals(2, asked.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://timm",
        "hf://timm/net",
        "hf://timm/net/../../x.pth",
        "hf://timm/net@/x.pth",
        "hf://../net/x.pth",
        "hf://timm/net/a b.pth"
      })
  void anAddressOfAHubHasOneForm(String address) {
    String message = refusal(published("", false), address);
    assertTrue(message.startsWith("Cannot read the address '" + address + "': wanted hf://"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://example.org", "https:///x.pth", "https://example.org/a/"})
  void anyOtherAddressMustNameAFile(String address) {
    String message = refusal(published("", false), address);
    assertTrue(message.contains("it names no file of a server"), message);
  }

  @Test
  void theSecretGoesToItsHubOnly() throws IOException {
    environment.put("HF_ENDPOINT", home);
    environment.put("HF_TOKEN", "hf_secret");
    files.put("/storage/blob?signature=1", WEIGHTS);
    String other = home.replace("127.0.0.1", "localhost");
    redirects.put("/org/net/resolve/main/x.pth", other + "/storage/blob?signature=1");
    published("", false).get("hf://org/net/x.pth", null);
    assertEquals(
        List.of("/org/net/resolve/main/x.pth Bearer hf_secret", "/storage/blob?signature=1 null"),
        asked);
  }

  @Test
  void aFileIsHeldAgainstTheDigestThatTheHubAnnounces() throws IOException {
    environment.put("HF_ENDPOINT", home);
    files.put("/storage/blob", WEIGHTS);
    redirects.put("/org/net/resolve/main/x.pth", "/storage/blob");
    announced = Digest.of("other");
    String message = refusal(published("", false), "hf://org/net/x.pth");
    assertTrue(message.contains("expected " + announced), message);
    announced = Digest.of(WEIGHTS);
    published("", false).get("hf://org/net/x.pth", null);
  }

  @Test
  void theShardsOfAnIndexComeWithIt() throws IOException {
    String index =
        """
        {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}""";
    files.put("/net/model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
    files.put("/net/model-1.safetensors", WEIGHTS);
    files.put("/net/model-2.safetensors", WEIGHTS);
    Path file = published("", false).get(home + "/net/model.safetensors.index.json", null);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(file.resolveSibling("model-2.safetensors")));
    assertEquals(3, asked.size());
    files.put(
        "/bad/model.safetensors.index.json",
        index.replace("model-2", "../model-2").getBytes(StandardCharsets.UTF_8));
    String message = refusal(published("", false), home + "/bad/model.safetensors.index.json");
    assertTrue(message.contains("../model-2.safetensors"), message);
    assertEquals(4, asked.size());
  }

  @Test
  void redirectsInACircleEnd() {
    redirects.put("/a.pth", "/b.pth");
    redirects.put("/b.pth", "/a.pth");
    String message = refusal(published("", false), home + "/a.pth");
    assertTrue(message.contains("more than 10 redirects"), message);
    assertEquals(11, asked.size());
  }

  @Test
  void redirectsToOtherKindsAreNotFollowedAndKeepTheirSecrets() {
    redirects.put("/a.pth", "file:///etc/passwd?key=secret");
    String message = refusal(published("", false), home + "/a.pth");
    assertTrue(message.contains("redirected to 'file:///etc/passwd', which is not"), message);
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void aMirrorIsAskedFirstAndThePublisherNext() throws IOException {
    files.put("/mirror/127.0.0.1/models/a.pth", WEIGHTS);
    files.put("/models/b.pth", WEIGHTS);
    PublishedWeights published = published(home + "/mirror/", false);
    published.get(new WeightSource("a.pth", List.of(home + "/models/a.pth"), null, null));
    published.get(new WeightSource("b.pth", List.of(home + "/models/b.pth"), null, null));
    assertEquals(
        List.of(
            "/mirror/127.0.0.1/models/a.pth null",
            "/mirror/127.0.0.1/models/b.pth null",
            "/models/b.pth null"),
        asked);
  }

  @Test
  void aFolderMayBeAMirrorAndServesOffline() throws IOException {
    Path mirror = Files.createDirectories(cache.resolve("mirror/127.0.0.1/models"));
    Files.write(mirror.resolve("a.pth"), WEIGHTS);
    PublishedWeights published = published(cache.resolve("mirror").toUri().toString(), true);
    Path file =
        published.get(new WeightSource("a.pth", List.of(home + "/models/a.pth"), null, null));
    assertArrayEquals(WEIGHTS, Files.readAllBytes(file));
    assertEquals(List.of(), asked);
  }

  @Test
  void offlineNothingIsAsked() {
    String message = refusal(published(home, true), home + "/a.pth");
    assertTrue(message.contains(home + "/a.pth: not asked: weights.offline is set"), message);
    assertTrue(message.contains("put it at " + cache), message);
    assertEquals(List.of(), asked);
  }

  @Test
  void whatIsNoMirrorIsRefused() {
    String message =
        assertThrows(UserError.class, () -> new Downloads(cache, "example.org", false))
            .getMessage();
    assertTrue(message.contains("Cannot use the mirror 'example.org'"), message);
  }

  @Test
  void aFileWithoutDigestIsHeldAgainstWhatWasFetched() throws IOException {
    files.put("/a.pth", WEIGHTS);
    PublishedWeights published = published("", false);
    Path file = published.get(home + "/a.pth", null);
    Files.writeString(file, "damaged");
    assertArrayEquals(WEIGHTS, Files.readAllBytes(published.get(home + "/a.pth", null)));
    assertEquals(2, asked.size());
  }

  @Test
  void aDamagedFileStaysWhereNoneCanBeFetched() throws IOException {
    WeightSource source =
        new WeightSource("a.pth", List.of(home + "/a.pth"), Digest.of(WEIGHTS), null);
    Files.writeString(cache.resolve("a.pth"), "damaged");
    assertThrows(UserError.class, () -> published("", true).get(source));
    assertEquals("damaged", Files.readString(cache.resolve("a.pth")));
  }

  @Test
  void anMd5TellsABrokenDownload() throws IOException {
    files.put("/a.h5", WEIGHTS);
    String right = "808e0f83570c2c8dc3f8e866b5004874";
    List<String> from = List.of(home + "/a.h5");
    WeightSource wrong = new WeightSource("a.h5", from, null, "0".repeat(32), null);
    String message =
        assertThrows(UserError.class, () -> published("", false).get(wrong)).getMessage();
    String got = message.replaceAll("(?s).*the MD5 is wrong \\(got (\\w+), .*", "$1");
    assertEquals(right, got);
    Path file = published("", false).get(new WeightSource("a.h5", from, null, right, null));
    assertArrayEquals(WEIGHTS, Files.readAllBytes(file));
  }

  @Test
  void theEnvironmentsProxyIsUsedButForItsExceptions() throws IOException {
    files.put("http://weights.example.org/a.pth", WEIGHTS);
    environment.put("http_proxy", home);
    Path file = published("", false).get("http://weights.example.org/a.pth", null);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(file));
    assertEquals(List.of("http://weights.example.org/a.pth null"), asked);
    environment.put("NO_PROXY", "localhost, .example.org");
    String message = refusal(published("", false), "http://weights.example.org/b.pth");
    assertTrue(message.contains("weights.example.org/b.pth: "), message);
    assertEquals(1, asked.size());
  }
}
