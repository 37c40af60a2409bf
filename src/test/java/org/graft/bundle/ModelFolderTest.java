package org.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.graft.common.UserError;
import org.graft.testing.CrashingStorage;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;

class ModelFolderTest {
  private static final String MODEL = "hdfs://nn/models/pets";

  private final MemoryStorage storage = new MemoryStorage();
  private final ModelFolder model = new ModelFolder(storage, MODEL);

  private int publish(double bias) throws IOException {
    return new BundleWriter(storage, MODEL).write(SmallBundles.content(bias), List.of()).version();
  }

  private void publishThree() throws IOException {
    publish(0.25);
    publish(0.5);
    publish(0.75);
  }

  private int inUse() throws IOException {
    return model.latest().orElse(0);
  }

  @Test
  void aRollbackGoesOneBackAndOneMore() throws IOException {
    publishThree();
    assertEquals(2, model.rollback(0));
    assertEquals(2, inUse());
    assertEquals(1, model.rollback(0));
    UserError e = assertThrows(UserError.class, () -> model.rollback(0));
    assertEquals(
        "Cannot roll back "
            + MODEL
            + ": version 1 is in use, and there is none before it that was not rolled back from. Name one with --to.",
        e.getMessage());
    assertEquals(MODEL + "/1", new BundleReader(storage).read(MODEL).path());
  }

  @Test
  void theSameContentDoesNotUndoARollbackAndOtherContentIsANewVersion() throws IOException {
    publishThree();
    model.rollback(0);
    assertEquals(3, publish(0.75)); // the nightly run, with nothing new
    assertEquals(2, inUse());
    assertEquals(4, publish(0.875));
    assertEquals(4, inUse());
    assertEquals(2, model.rollback(0)); // 3 was no good
  }

  @Test
  void whoGoesForwardDoesNotWithdrawWhatHeComesFrom() throws IOException {
    publishThree();
    assertEquals(1, model.rollback(1));
    assertEquals(2, model.rollback(2));
    assertEquals(1, model.rollback(0));
  }

  @Test
  void aNamedVersionIsTakenAlsoForward() throws IOException {
    publishThree();
    assertEquals(1, model.rollback(1));
    assertEquals(3, model.rollback(3));
    assertEquals(3, publish(0.75));
    assertEquals(3, inUse());
    UserError e = assertThrows(UserError.class, () -> model.rollback(9));
    assertEquals(
        "Cannot roll back "
            + MODEL
            + " to version 9: there is no such version (there are [1, 2, 3], in use is 3). Choose one of them.",
        e.getMessage());
  }

  @Test
  void aDamagedVersionIsNotTaken() throws IOException {
    publishThree();
    storage.delete(MODEL + "/2/head.safetensors");
    UserError e = assertThrows(UserError.class, () -> model.rollback(0));
    assertTrue(e.getMessage().contains("/2/head.safetensors: it is missing"), e.getMessage());
    assertEquals(3, inUse());
  }

  @Test
  void nothingPublishedIsSaid() {
    UserError e = assertThrows(UserError.class, () -> model.rollback(0));
    assertTrue(e.getMessage().contains("nothing was published there"), e.getMessage());
  }

  @Test
  void aRollbackThatDiesAnywhereIsDoneOrNot() throws IOException {
    publishThree();
    MemoryStorage before = storage.copy();
    boolean done = false;
    for (int crashes = 0; !done; crashes++) {
      storage.files().clear();
      storage.files().putAll(before.files());
      try {
        new ModelFolder(new CrashingStorage(storage, crashes, true), MODEL).rollback(0);
        done = true;
      } catch (IOException crash) {
        assertEquals("crash", crash.getMessage());
      }
      assertTrue(inUse() == 3 || inUse() == 2);
      assertEquals(2, inUse() == 3 ? model.rollback(0) : 2);
      assertFalse(model.latest().equals(OptionalInt.empty()));
    }
  }

  @Test
  void theNewestAndTheOneInUseStay() throws IOException {
    for (int i = 1; i <= 5; i++) {
      publish(i / 8.0);
    }
    assertEquals(List.of(), model.old(0));
    assertEquals(List.of(1, 2, 3), model.old(2));
    model.rollback(2);
    assertEquals(List.of(1, 3), model.old(2));
    assertEquals(List.of(1, 3, 4), model.old(1));
    assertEquals(List.of(), model.old(5));
    model.delete(3);
    assertEquals(List.of(1, 2, 4, 5), model.versions());
    assertEquals(6, publish(0.875));
  }
}
