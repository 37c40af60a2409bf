package org.graft.doctor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.FakeDriver;
import org.graft.backbone.Gpus;
import org.graft.doctor.Finding.Health;
import org.graft.engine.onnx.CudaLibraries;
import org.graft.engine.onnx.CudaProvider;
import org.graft.weights.Downloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LooksTest {
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void thisMachineIsFitToRunTheTests() {
    List<Finding> found = Doctor.machine(Map.of("OMP_NUM_THREADS", "1"));
    assertEquals(List.of(), found.stream().filter(f -> f.health() == Health.FAILURE).toList());
    assertTrue(value(found, "dl4j").startsWith("dl4j 1.0.0"), found::toString);
    assertTrue(value(found, "onnxruntime").startsWith("onnxruntime 1."), found::toString);
    assertTrue(value(found, "tokenizers").startsWith("tokenizers 0."), found::toString);
    assertTrue(value(found, "jpeg").startsWith("libjpeg-turbo"), found::toString);
  }

  private static String value(List<Finding> findings, String name) {
    return findings.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow().value();
  }

  @Test
  void anotherJavaIsAFailure() {
    Finding old = JavaRuntime.version(11, "/opt/java-11");
    assertEquals(Health.FAILURE, old.health());
    assertTrue(old.value().contains("/opt/java-11"), old::value);
    assertEquals("Graft needs Java 17: set JAVA_HOME to a JDK 17, on every worker.", old.fix());
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 24576, OK, ''",
    "256, 24576, WARNING, 'Give the heap 512 MiB or more'",
    "3584, 4096, WARNING, 'Networks lie beside the heap and need 1024 MiB or more'",
    "3072, 4096, OK, ''"
  })
  void memoryMustHaveRoomForHeapAndNetworks(long heap, long all, Health health, String fix) {
    Finding memory = Hardware.memory(heap * MIB, all * MIB);
    assertEquals(health, memory.health());
    assertTrue(memory.fix().startsWith(fix), memory::fix);
    assertEquals("heap of %d MiB, %d MiB in all".formatted(heap, all), memory.value());
  }

  @Test
  void whatMakesThingsSlowOrDifferentIsAWarning() {
    assertEquals(Health.WARNING, Hardware.processor("amd64, Old One", 1).health());
    assertEquals("amd64, New avx2, 2 cores", Hardware.processor("amd64, New avx2", 2).value());
    assertEquals(Health.OK, Hardware.processor("aarch64", 4).health());
    assertEquals("OMP_NUM_THREADS is not set", Hardware.threads("").value());
    assertTrue(Hardware.threads("8").fix().contains("set OMP_NUM_THREADS=1"));
    assertEquals(Health.WARNING, Hardware.files(1024).health());
    assertEquals(Health.OK, Hardware.files(65_536).health());
    assertTrue(JavaRuntime.names("ANSI_X3.4-1968").fix().contains("LC_ALL=C.UTF-8"));
  }

  @Test
  void aTemporaryFolderThatCannotBeWrittenIsAFailure() throws IOException {
    Finding missing = Folders.temporary(folder.resolve("gone"));
    assertEquals(Health.FAILURE, missing.health());
    assertTrue(missing.value().contains("gone: not writable"), missing::value);
    assertEquals("temporary files", Folders.temporary(folder).name());
    assertArrayEquals(new String[0], folder.toFile().list(), "nothing stays");
  }

  @Test
  void aCacheSaysWhatItHoldsAndWhereItCannotGrow() throws IOException {
    Path cache = folder.resolve("a/cache");
    assertTrue(Folders.cache(cache).value().contains(folder + ", empty"));
    assertFalse(Files.exists(cache), "it is made when it is needed");
    Files.createDirectories(cache);
    Files.write(cache.resolve("weights.h5"), new byte[(int) (2 * MIB)]);
    Files.write(cache.resolve(".weights.h5.lock"), new byte[9]);
    String full = Folders.cache(cache).value();
    assertTrue(full.contains("cache, 1 files of 2 MiB"), full);

    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Finding locked = Folders.cache(file.resolve("cache"));
    assertEquals(Health.WARNING, locked.health());
    assertTrue(locked.fix().contains("set GRAFT_CACHE"), locked::fix);
  }

  @Test
  void aLibraryThatCannotBeLoadedSaysWhy() {
    Finding broken =
        Libraries.needed(
            "dl4j",
            () -> {
              throw new ExceptionInInitializerError(new UnsatisfiedLinkError("no jnind4jcpu"));
            });
    assertEquals(Health.FAILURE, broken.health());
    assertEquals("cannot be loaded: java.lang.UnsatisfiedLinkError: no jnind4jcpu", broken.value());
    Finding slower =
        Libraries.wanted(
            "jpeg",
            () -> {
              throw new IllegalStateException("none for this platform");
            },
            "Pictures are decoded by Java, slower.");
    assertEquals(Health.WARNING, slower.health());
    assertTrue(slower.fix().startsWith("Pictures are decoded by Java"), slower::fix);
  }

  @Test
  void cardsAreToldWithTheEnginesThatHaveCodeForThem() {
    FakeDriver driver = new FakeDriver(folder);
    assertTrue(CardLooks.all(Map.of("PATH", "/nowhere")).get(0).value().startsWith("none"));
    List<Finding> told = CardLooks.all(driver.with(FakeDriver.H100));
    assertEquals(
        "NVIDIA H100 80GB HBM3 (compute capability 9.0, driver 580.65.06), 23034 MiB",
        told.get(0).value());
    assertEquals("gpu, onnx", told.get(1).name());
    assertTrue(told.get(1).value().contains("mvn -Pgpu package") || CudaProvider.isBuilt());
    assertEquals("gpu, dl4j", told.get(2).name());
    assertTrue(
        told.get(2).value().contains("ND4J CUDA 11.6 has no code for compute capability 9.0"));

    Finding broken = CardLooks.all(driver.answers("echo 'NVML: mismatch'; exit 18")).get(0);
    assertEquals(Health.WARNING, broken.health());
    assertTrue(broken.value().contains("exit code 18, NVML: mismatch"), broken::value);
  }

  @Test
  void librariesThatAreMissingMatterWhereThereIsACard() {
    var found = new CudaLibraries.Found(Map.of(), List.of("libcudnn.so.9"));
    Gpus card = new FakeDriver(folder).gpus(FakeDriver.L4);
    Finding missing = CardLooks.libraries(card, found);
    assertEquals(Health.WARNING, missing.health());
    assertTrue(missing.value().startsWith("missing [libcudnn.so.9]"), missing::value);
    assertTrue(missing.fix().contains("pip install nvidia-cublas"), missing::fix);
    assertEquals(Health.OK, CardLooks.libraries(new Gpus(List.of(), "none"), found).health());
  }

  @Test
  void proxiesAreToldWithoutTheirPasswords() {
    assertEquals("none", Hub.proxy(Map.of()).value());
    String told =
        Hub.proxy(Map.of("https_proxy", "http://me:secret@proxy:3128", "NO_PROXY", "a,b")).value();
    assertEquals("https_proxy=http://***@proxy:3128, NO_PROXY=a,b", told);
  }

  @Test
  void aServerIsReachedIfItAnswersAnything() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(404, -1));
    server.start();
    try {
      Finding answers = Hub.server(mirror(server.getAddress().getPort(), false), Map.of());
      assertEquals(Health.OK, answers.health(), answers::toString);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatDoesNotAnswerIsAWarningUnlessOffline() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Finding silent = Hub.server(mirror(port, false), Map.of());
    assertEquals(Health.WARNING, silent.health());
    assertTrue(silent.value().contains(port + " does not answer: "), silent::value);
    assertTrue(silent.fix().contains("GRAFT_MIRROR"), silent::fix);
    assertEquals(Health.OK, Hub.server(mirror(port, true), Map.of()).health());

    Downloads files = new Downloads(folder, folder.resolve("gone").toUri().toString(), true);
    assertEquals(Health.WARNING, Hub.server(files, Map.of()).health());
  }

  private Downloads mirror(int port, boolean offline) {
    return new Downloads(folder, "http://localhost:" + port, offline);
  }
}
