package org.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.testing.CrashingStorage;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The golden signature and keys are OpenSSL's (src/test/golden/bundle/sign.sh), of the bundle of
 * format 1.
 */
class BundleSignatureTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/bundle");
  private static final Path SAVED = Path.of("src/test/resources/bundles/format-1/1");
  private static final String MODEL = "/models/pets";
  private static final String VERSION = MODEL + "/1";
  private static final String SIGNATURE = VERSION + "/bundle.json.sig";

  private final MemoryStorage storage = new MemoryStorage();

  private static String key(String name) {
    return GOLDEN.resolve(name + ".pem").toString();
  }

  private static TrustedKeys trusted(String... names) {
    return TrustedKeys.read(Arrays.stream(names).map(BundleSignatureTest::key).toList());
  }

  private void putSaved() throws IOException {
    try (var files = Files.list(SAVED)) {
      for (Path file : files.toList()) {
        storage.files().put(VERSION + "/" + file.getFileName(), Files.readAllBytes(file));
      }
    }
    storage.files().put(SIGNATURE, Files.readAllBytes(GOLDEN.resolve("bundle.json.sig")));
  }

  private void assertRefused(String why) {
    BundleReader reader = new BundleReader(storage, trusted("signer.pub"));
    for (Executable opening :
        List.<Executable>of(
            () -> reader.read(VERSION),
            () -> reader.evaluation(VERSION),
            () -> reader.provenance(VERSION))) {
      String message = assertThrows(UserError.class, opening).getMessage();
      assertTrue(message.startsWith("Cannot open bundle " + VERSION + ": " + why), message);
      assertTrue(message.contains("signer.pub.pem"), message);
    }
  }

  @Test
  void whatOpensslSignedIsOpened() throws IOException {
    putSaved();
    assertEquals(
        SmallBundles.head(0.5f),
        new BundleReader(storage, trusted("signer.pub")).read(VERSION).content().head());
    new BundleReader(storage, trusted("other.pub", "signer.pub")).read(VERSION);
    new BundleReader(storage).read(VERSION);
  }

  @Test
  void theSignatureIsOpenssls() throws IOException {
    byte[] manifest = Files.readAllBytes(SAVED.resolve("bundle.json"));
    assertArrayEquals(
        Files.readAllBytes(GOLDEN.resolve("bundle.json.sig")),
        SigningKey.read(key("signer")).sign(manifest));
  }

  @Test
  void opensslAcceptsWhatIsPublished(@TempDir Path temp) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl here");
    publish(storage, "signer", 0.5);
    for (String name : List.of("bundle.json", "bundle.json.sig")) {
      Files.write(temp.resolve(name), storage.files().get(VERSION + "/" + name));
    }
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "pkeyutl",
                "-verify",
                "-rawin",
                "-pubin",
                "-inkey",
                key("signer.pub"),
                "-in",
                temp.resolve("bundle.json").toString(),
                "-sigfile",
                temp.resolve("bundle.json.sig").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, openssl.waitFor(), said);
  }

  @Test
  void withoutASignatureNothingIsOpened() throws IOException {
    putSaved();
    storage.files().remove(SIGNATURE);
    assertRefused("it is not signed (no bundle.json.sig)");
  }

  @Test
  void aSignatureOfAnotherLengthOrKeyOrManifestIsRefused() throws IOException {
    putSaved();
    byte[] good = storage.files().get(SIGNATURE);
    storage.files().put(SIGNATURE, Arrays.copyOf(good, 63));
    assertRefused("bundle.json.sig has 63 bytes (an Ed25519 signature has 64)");
    String wrong = "none of the trusted keys signed it as it is";
    for (int bit = 0; bit < 512; bit += 37) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      storage.files().put(SIGNATURE, flipped);
      assertRefused(wrong);
    }
    byte[] manifest = storage.files().get(VERSION + "/bundle.json");
    storage.files().put(SIGNATURE, SigningKey.read(key("other")).sign(manifest));
    assertRefused(wrong);
    storage.files().put(SIGNATURE, good);
    String other = new String(manifest, StandardCharsets.UTF_8).replace("run-1", "run-2");
    storage.files().put(VERSION + "/bundle.json", other.getBytes(StandardCharsets.UTF_8));
    new BundleReader(storage).read(VERSION); // the content's digest leaves the run out
    assertRefused(wrong);
  }

  @Test
  void ofAnUnsignedBundleOnlyTheManifestIsReadAndNothingParsed() throws IOException {
    putSaved();
    storage.files().remove(SIGNATURE);
    storage.files().put(VERSION + "/bundle.json", "{ not JSON".getBytes(StandardCharsets.UTF_8));
    List<String> opened = new ArrayList<>();
    MemoryStorage watched =
        new MemoryStorage() {
          @Override
          public InputStream open(String path) throws IOException {
            opened.add(path);
            return super.open(path);
          }
        };
    watched.files().putAll(storage.files());
    UserError error =
        assertThrows(
            UserError.class, () -> new BundleReader(watched, trusted("signer.pub")).read(VERSION));
    assertTrue(error.getMessage().contains("it is not signed"), error.getMessage());
    assertEquals(List.of(VERSION + "/bundle.json"), opened);
  }

  private static void publish(Storage to, String key, double bias) throws IOException {
    new BundleWriter(to, MODEL, key == null ? null : SigningKey.read(key(key)))
        .write(SmallBundles.content(bias), List.of());
  }

  @Test
  void theSameContentIsSignedWhenItIsPublishedAgainWithAKey() throws IOException {
    publish(storage, null, 0.5);
    assertRefused("it is not signed");
    publish(storage, "other", 0.5);
    assertRefused("none of the trusted keys");
    publish(storage, "signer", 0.5);
    assertEquals(VERSION, new BundleReader(storage, trusted("signer.pub")).read(MODEL).path());
    assertFalse(storage.isFolder(MODEL + "/2"));
  }

  @Test
  void aWriterThatDiesAnywhereLeavesNoVersionUnsigned() throws IOException {
    publish(storage, "signer", 0.5);
    MemoryStorage before = storage.copy();
    int crashes = 0;
    for (boolean done = false; !done; crashes++) {
      storage.files().clear();
      storage.files().putAll(before.files());
      try {
        publish(new CrashingStorage(storage, crashes, true), "signer", 0.75);
        done = true;
      } catch (IOException e) {
        assertEquals("crash", e.getMessage());
      }
      for (int version : new ModelFolder(storage, MODEL).versions()) {
        new BundleReader(storage, trusted("signer.pub")).read(MODEL + "/" + version);
      }
    }
    assertTrue(crashes > 10, crashes + " crashes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "signer.pem; it holds 'PRIVATE KEY' (expected the 'PUBLIC KEY' of Ed25519 in X.509)",
        "exchange.pub.pem; it holds 'PUBLIC KEY' (expected the 'PUBLIC KEY' of Ed25519 in X.509)",
        "bundle.json.sig; it is no PEM file",
        "missing.pem; it cannot be read (java.nio.file.NoSuchFileException",
      })
  void whatIsNoPublicKeyIsTold(String file, String why) {
    String path = GOLDEN.resolve(file).toString();
    assertSays(
        assertThrows(UserError.class, () -> TrustedKeys.read(List.of(path))).getMessage(),
        path + ": " + why);
  }

  private static void assertSays(String message, String why) {
    assertTrue(message.startsWith("Cannot use the key in " + why), message);
    assertFalse(message.contains("MC4CAQAwBQYD"), "the key itself is told: " + message);
  }

  @Test
  void whatIsNoPrivateKeyIsToldAndNeverShown(@TempDir Path temp) throws IOException {
    String pem = Files.readString(GOLDEN.resolve("signer.pem"));
    Path file = temp.resolve("key.pem");
    for (String[] bad :
        new String[][] {
          {pem.replace("PRIVATE", "ENCRYPTED PRIVATE"), "it holds 'ENCRYPTED PRIVATE KEY'"},
          {pem.replace("MC4CAQAwBQYD", "MC4CAQAwBQYE"), "it holds 'PRIVATE KEY' (expected the"},
          {pem.replace("MC4CAQAwBQYD", "MC4CAQAwBQYD="), "its block is no base64"},
          {pem.replace("-----END", "----END"), "it is no PEM file"},
          {pem + " ".repeat(1 << 16), "it has more than 65536 bytes"},
        }) {
      Files.writeString(file, bad[0]);
      UserError error = assertThrows(UserError.class, () -> SigningKey.read(file.toString()));
      assertSays(error.getMessage(), file + ": " + bad[1]);
      StringBuilder causes = new StringBuilder();
      for (Throwable t = error; t != null; t = t.getCause()) {
        causes.append(t);
      }
      assertFalse(causes.toString().contains("AwBQYDK2Vw"), causes::toString);
    }
  }
}
