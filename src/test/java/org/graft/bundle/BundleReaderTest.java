package org.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.graft.common.UserError;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is broken is refused, and the message says which file, what was expected and found. */
class BundleReaderTest {
  private static final String MODEL = "/models/pets";
  private static final String VERSION = MODEL + "/1";

  private final MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void publish(@TempDir Path temp) throws IOException {
    Path weights = Files.writeString(temp.resolve("w.h5"), "weights");
    new BundleWriter(storage, MODEL)
        .write(SmallBundles.content(0.5), List.of(Attachment.backbone(weights)));
  }

  private UserError refused(String path) {
    return assertThrows(UserError.class, () -> new BundleReader(storage).read(path));
  }

  private void assertRefused(String... parts) {
    String message = refused(VERSION).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "no '" + part + "' in: " + message);
    }
  }

  private String manifest() {
    return new String(storage.files().get(VERSION + "/bundle.json"), StandardCharsets.UTF_8);
  }

  private void setManifest(String json) {
    storage.files().put(VERSION + "/bundle.json", json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"backbone.h5", "card.json", "evaluation.json", "head.safetensors"})
  void aFileThatIsMissingCutShortLongerOrChanged(String file) throws IOException {
    String path = VERSION + "/" + file;
    byte[] good = storage.files().get(path);
    storage.files().put(path, Arrays.copyOf(good, good.length - 1));
    assertRefused(path, "got " + (good.length - 1) + " bytes", "expected " + good.length);
    storage.files().put(path, Arrays.copyOf(good, good.length + 1));
    assertRefused(path, "got " + (good.length + 1) + " bytes", "expected " + good.length);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    storage.files().put(path, flipped);
    assertRefused(path, "SHA-256");
    storage.delete(path);
    assertRefused(path, "it is missing", "expected " + good.length + " bytes");
    storage.files().put(path, good);
    new BundleReader(storage).read(VERSION);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"batch\" : 8', '\"batch\" : 9'",
    "'\"cat\"', '\"cow\"'",
    "'\"kind\" : \"mlp\"', '\"kind\" : \"mlq\"'",
    "'\"engine\" : \"dl4j', '\"engine\" : \"onnx'"
  })
  void aManifestThatWasChanged(String from, String to) {
    assertTrue(manifest().contains(from), manifest());
    setManifest(manifest().replace(from, to));
    assertRefused(VERSION + "/bundle.json", "it was changed", "got content digest", "expected");
  }

  @Test
  void runAndTimeAreNoContent() throws IOException {
    setManifest(manifest().replace("run-1", "run-9").replace("2026-01-02", "2027-01-02"));
    assertEquals("run-9", new BundleReader(storage).read(VERSION).content().provenance().runId());
  }

  @Test
  void anotherFormatVersionIsToldBeforeAnythingElse() {
    setManifest(manifest().replace("\"format\" : 1", "\"format\" : 2, \"news\" : []"));
    assertRefused("bundle.json", "format version 2 (this Graft reads 1)", "newer");
    setManifest("{}");
    assertRefused("format version null");
  }

  @Test
  void unknownFieldsAndWhatIsNoManifest() {
    setManifest(manifest().replace("\"format\" : 1", "\"format\" : 1, \"news\" : []"));
    assertRefused(VERSION + "/bundle.json", "news");
    setManifest(manifest().substring(0, 100));
    assertRefused("Cannot read " + VERSION + "/bundle.json");
    setManifest("{\"format\" : 1}");
    assertRefused("Cannot read " + VERSION + "/bundle.json");
    setManifest("");
    assertRefused("Cannot read " + VERSION + "/bundle.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "/etc/passwd",
        "a/b",
        "..",
        ".",
        "",
        ".hidden",
        "a\\\\b",
        "bundle json",
        "x\\u0000"
      })
  void fileNamesThatLeadElsewhere(String name) {
    setManifest(manifest().replace("\"backbone.h5\"", "\"" + name + "\""));
    assertRefused(VERSION + "/bundle.json", "is not a plain file name");
  }

  @Test
  void aFolderThatIsNoBundle() {
    storage.delete(VERSION + "/bundle.json");
    assertRefused("Cannot read bundle " + VERSION, "neither bundle.json", "nor latest");
    assertTrue(refused("/nowhere").getMessage().startsWith("Cannot read bundle /nowhere: "));
    String dangling = refused(MODEL + "/").getMessage();
    assertTrue(dangling.contains("/models/pets/latest names it"), dangling);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "../2", "1 2", "99999999999"})
  void latestThatIsNoNumber(String text) {
    storage.files().put(MODEL + "/latest", text.getBytes(StandardCharsets.UTF_8));
    String message = refused(MODEL).getMessage();
    assertTrue(message.contains("/models/pets/latest: got '" + text + "'"), message);
  }

  @Test
  void aFileThatChangesAfterReadingIsNotFetched(@TempDir Path temp) throws IOException {
    ModelBundle bundle = new BundleReader(storage).read(VERSION);
    storage.files().put(VERSION + "/backbone.h5", new byte[7]);
    Path to = temp.resolve("backbone");
    UserError error =
        assertThrows(
            UserError.class, () -> new BundleReader(storage).fetch(bundle, "backbone.h5", to));
    assertTrue(error.getMessage().contains(VERSION + "/backbone.h5"), error.getMessage());
    assertFalse(Files.exists(to));
    assertThrows(UserError.class, () -> new BundleReader(storage).fetch(bundle, "network.zip", to));
  }
}
