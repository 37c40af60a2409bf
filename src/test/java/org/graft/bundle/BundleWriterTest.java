package org.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.graft.bundle.BundleWriter.Published;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.testing.CrashingStorage;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleWriterTest {
  private static final String MODEL = "s3a://bucket/models/pets";

  @TempDir Path temp;

  private final MemoryStorage storage = new MemoryStorage();

  private List<Attachment> attachments() throws IOException {
    Path weights = Files.write(temp.resolve("weights.v2.pth"), new byte[200_000]);
    Path onnx = Files.writeString(temp.resolve("exported"), "not really ONNX");
    return List.of(Attachment.backbone(weights), new Attachment(Attachment.ONNX, onnx));
  }

  private Published publish(Storage to, BundleContent content) throws IOException {
    return new BundleWriter(to, MODEL).write(content, attachments());
  }

  private ModelBundle latest() throws IOException {
    return new BundleReader(storage).read(MODEL);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    BundleContent content = SmallBundles.content(0.5);
    Published published = publish(storage, content);
    assertEquals(new Published(MODEL + "/1", 1, true), published);
    ModelBundle bundle = latest();
    assertEquals(MODEL + "/1", bundle.path());
    assertEquals(content.head(), bundle.content().head());
    assertEquals(content.card(), bundle.content().card());
    assertEquals(content.evaluation(), bundle.content().evaluation());
    assertEquals(content.engine(), bundle.content().engine());
    assertEquals("run-1", bundle.content().provenance().runId());
    assertEquals(
        List.of("backbone.pth", "card.json", "evaluation.json", "head.safetensors", "network.onnx"),
        bundle.files());
    assertEquals(Optional.of("backbone.pth"), bundle.backboneFile());
    assertEquals(8, bundle.backbone(temp).batch());
    Path fetched = temp.resolve("fetched");
    new BundleReader(storage).fetch(bundle, "backbone.pth", fetched);
    assertArrayEquals(new byte[200_000], Files.readAllBytes(fetched));
  }

  @Test
  void sameContentIsNotPublishedTwice() throws IOException {
    publish(storage, SmallBundles.content(0.5, "run-1", "2026-01-02T03:04:05Z"));
    Published again = publish(storage, SmallBundles.content(0.5, "run-2", "2027-01-01T00:00:00Z"));
    assertEquals(new Published(MODEL + "/1", 1, false), again);
    assertEquals("run-1", latest().content().provenance().runId());
    assertEquals(2, publish(storage, SmallBundles.content(0.75)).version());
    assertEquals(3, publish(storage, SmallBundles.content(0.5)).version());
    assertEquals(MODEL + "/3", latest().path());
  }

  @Test
  void anAttachmentIsContentToo() throws IOException {
    publish(storage, SmallBundles.content(0.5));
    Published without =
        new BundleWriter(storage, MODEL).write(SmallBundles.content(0.5), List.of());
    assertEquals(2, without.version());
    assertEquals(Optional.empty(), latest().backboneFile());
  }

  @Test
  void aDamagedVersionIsNotTakenForTheSameContent() throws IOException {
    publish(storage, SmallBundles.content(0.5));
    storage.delete(MODEL + "/1/backbone.pth");
    assertEquals(2, publish(storage, SmallBundles.content(0.5)).version());
    assertEquals(MODEL + "/2", latest().path());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWriterThatDiesAnywhereLeavesTheOldVersionOrTheNew(boolean afterEffect) throws IOException {
    publish(storage, SmallBundles.content(0.5));
    MemoryStorage before = storage.copy();
    BundleContent next = SmallBundles.content(0.75);
    int crashes = 0;
    boolean sawOld = false;
    boolean sawNew = false;
    for (boolean done = false; !done; crashes++) {
      storage.files().clear();
      storage.files().putAll(before.files());
      done = survives(new CrashingStorage(storage, crashes, afterEffect), next);
      String head = latest().content().head().sha256(); // whole, or this throws
      sawOld |= head.equals(SmallBundles.content(0.5).head().sha256());
      sawNew |= head.equals(next.head().sha256());
      assertTrue(sawOld || sawNew);
      Published again = publish(storage, next);
      assertEquals(2, again.version(), "crash " + crashes);
      assertEquals(next.head(), latest().content().head());
      assertFalse(storage.isFolder(MODEL + "/3"));
    }
    assertTrue(sawOld && sawNew && crashes > 20, crashes + " crashes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFirstWriterThatDiesAnywhereLeavesNothingOrAWholeVersion(boolean afterEffect)
      throws IOException {
    BundleContent content = SmallBundles.content(0.5);
    int crashes = 0;
    for (boolean done = false; !done; crashes++) {
      storage.files().clear();
      done = survives(new CrashingStorage(storage, crashes, afterEffect), content);
      if (storage.exists(MODEL + "/latest")) {
        assertEquals(content.head(), latest().content().head());
      } else {
        assertThrows(UserError.class, this::latest);
      }
      assertEquals(1, publish(storage, content).version());
      assertEquals(content.head(), latest().content().head());
    }
    assertTrue(crashes > 15, crashes + " crashes");
  }

  private boolean survives(Storage crashing, BundleContent content) {
    try {
      publish(crashing, content);
      return true;
    } catch (IOException crash) {
      assertEquals("crash", crash.getMessage());
      return false;
    }
  }

  @Test
  void leftoversOfADeadWriterAreRemoved() throws IOException {
    storage.write(MODEL + "/1/backbone.h5", "half".getBytes(StandardCharsets.UTF_8));
    publish(storage, SmallBundles.content(0.5));
    assertFalse(storage.exists(MODEL + "/1/backbone.h5"));
  }

  @Test
  void contentMustAgreeWithItself() {
    BundleContent good = SmallBundles.content(0.5);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new BundleContent(
                SmallBundles.head(0.75f),
                good.card(),
                good.cut(),
                good.pooling(),
                8,
                good.engine(),
                good.precision(),
                good.jpegScaling(),
                good.evaluation(),
                good.provenance()));
    assertThrows(IllegalArgumentException.class, () -> new Attachment("../x", temp));
    assertThrows(IllegalArgumentException.class, () -> new Attachment("a/b", temp));
  }
}
