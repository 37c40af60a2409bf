package org.graft.head;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.graft.common.Storage;
import org.graft.head.Checkpoints.Rhythm;
import org.graft.testing.CrashingStorage;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;

class StoredCheckpointsTest {
  private static final Rhythm EACH = new Rhythm(1, 0);

  private final MemoryStorage storage = new MemoryStorage();
  private final List<String> notes = new ArrayList<>();
  private final List<String> goneOnFrom = new ArrayList<>();
  private long now;

  private StoredCheckpoints checkpoints(Storage where, String fingerprint, Rhythm rhythm) {
    return new StoredCheckpoints(
        where,
        "heads/f/c",
        fingerprint,
        rhythm,
        note -> (note.startsWith("goes on") ? goneOnFrom : notes).add(note),
        () -> now);
  }

  private StoredCheckpoints checkpoints(Rhythm rhythm) {
    return checkpoints(storage, "f", rhythm);
  }

  private static void offer(StoredCheckpoints to, String... states) {
    for (String state : states) {
      to.offer(() -> state.getBytes(UTF_8));
    }
  }

  /** As the next run finds it; empty if it finds none. */
  private String last() {
    return checkpoints(EACH).last(bytes -> new String(bytes, UTF_8)).orElse("");
  }

  @Test
  void theNewestIsFoundAndTheNextOnesGoOn() {
    assertEquals("", last());
    offer(checkpoints(EACH), "one");
    assertEquals(List.of(), goneOnFrom);
    assertEquals("one", last());
    assertEquals(List.of("goes on from heads/f/c/checkpoint-0"), goneOnFrom);
    offer(checkpoints(EACH), "another first one"); // not asked for the last: a training begun anew
    StoredCheckpoints second = checkpoints(EACH);
    second.last(bytes -> bytes);
    for (String state : List.of("a", "b", "c", "d")) {
      offer(second, state);
      assertEquals(state, last());
      assertTrue(storage.files().size() <= 2, () -> "" + storage.files().keySet());
    }
    assertEquals(List.of(), notes);
  }

  @Test
  void everySoManyRoundsOrSeconds() {
    StoredCheckpoints byRounds = checkpoints(new Rhythm(3, 0));
    now = Long.MAX_VALUE / 2;
    offer(byRounds, "1", "2");
    assertEquals("", last());
    offer(byRounds, "3", "4", "5");
    assertEquals("3", last());
    byRounds = checkpoints(storage, "f", new Rhythm(0, 0));
    offer(byRounds, "6", "7", "8");
    assertEquals("3", last());

    StoredCheckpoints bySeconds = checkpoints(new Rhythm(0, 2));
    bySeconds.last(bytes -> bytes);
    offer(bySeconds, "9");
    now += 1_999_999_999L;
    offer(bySeconds, "10");
    assertEquals("3", last());
    now += 1;
    offer(bySeconds, "11", "12");
    assertEquals("11", last());
  }

  @Test
  void everyDamageIsSeenAndTheOneBeforeIsTaken() {
    offer(checkpoints(EACH), "older", "newer");
    byte[] whole = storage.files().get("heads/f/c/checkpoint-1");
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      storage.files().put("heads/f/c/checkpoint-1", damaged);
      assertEquals("older", last());
      storage.files().put("heads/f/c/checkpoint-1", Arrays.copyOf(whole, i));
      assertEquals("older", last());
      byte[] longer = Arrays.copyOf(whole, whole.length + 1 + i);
      storage.files().put("heads/f/c/checkpoint-1", longer);
      assertEquals("older", last());
    }
    assertEquals(3 * whole.length, notes.size());
    assertEquals(
        "Cannot use the checkpoint heads/f/c/checkpoint-1: its digest does not agree with it. Training goes on without it.",
        notes.get(notes.size() - 1));
    storage.files().put("heads/f/c/checkpoint-0", new byte[9]);
    assertEquals("", last());
    assertTrue(notes.get(notes.size() - 2).contains("it has only 9 bytes"), notes::toString);
  }

  @Test
  void aStateThatCannotBeReadIsLikeADamagedOne() {
    offer(checkpoints(EACH), "7", "not a number");
    assertEquals(7, checkpoints(EACH).last(b -> Integer.valueOf(new String(b, UTF_8))).get());
    assertTrue(notes.get(0).contains("checkpoint-1: For input string"), notes::toString);
  }

  @Test
  void theDamagedOneIsReplacedFirst() {
    offer(checkpoints(EACH), "one", "two");
    storage.files().put("heads/f/c/checkpoint-1", new byte[99]);
    StoredCheckpoints next = checkpoints(EACH);
    next.last(bytes -> bytes);
    offer(next, "two again");
    assertEquals("two again", last());
    storage.files().put("heads/f/c/checkpoint-1", new byte[99]);
    assertEquals("one", last());
  }

  @Test
  void anothersAndAnotherFormatAreRefused() throws IOException {
    offer(checkpoints(storage, "g", EACH), "of another training");
    assertEquals("", last());
    assertTrue(notes.get(0).contains("it is of 'g "), notes::toString);
    assertThrows(IOException.class, () -> CheckpointFile.of("x".repeat(100).getBytes(UTF_8)));
    byte[] bytes = new CheckpointFile("f", 1, new byte[3]).toBytes();
    bytes[7] = 1;
    IOException e = assertThrows(IOException.class, () -> CheckpointFile.of(bytes));
    assertEquals("its format is 1, not 2", e.getMessage());
  }

  /** A process that dies anywhere in a write leaves this checkpoint or the one before. */
  @Test
  void aWriteThatIsCutOffLeavesTheOneBefore() {
    boolean wroteAll = false;
    for (int operations = 0; !wroteAll; operations++) {
      for (boolean afterEffect : new boolean[] {false, true}) {
        storage.files().clear();
        notes.clear();
        offer(checkpoints(EACH), "one", "two");
        StoredCheckpoints next =
            checkpoints(new CrashingStorage(storage, operations + 4, afterEffect), "f", EACH);
        next.last(bytes -> bytes);
        offer(next, "three");
        wroteAll = notes.isEmpty();
        String found = last();
        assertTrue(List.of("two", "three").contains(found), found);
        assertTrue(!wroteAll || found.equals("three"), found);
      }
    }
  }

  @Test
  void severalTrainingsHaveTheirOwnAndKeepWhatTheyEndedWith() throws IOException {
    Rhythm seldom = new Rhythm(0, 1);
    StoredCheckpoints all = checkpoints(seldom);
    all.of("first").end(() -> new byte[] {1});
    all.of("second").offer(() -> new byte[] {2});
    assertEquals(1, all.of("first").last(b -> (int) b[0]).get());
    assertTrue(all.of("second").last(b -> b).isEmpty());
    assertEquals("", last());
    all.of("second").end(() -> new byte[] {2});
    storage
        .files()
        .put("heads/f/c/first/checkpoint-0", storage.files().get("heads/f/c/second/checkpoint-0"));
    assertTrue(all.of("first").last(b -> b).isEmpty());
    assertEquals(1, notes.size(), notes::toString);
    all.delete();
    checkpoints(new Rhythm(0, 0)).of("first").end(() -> new byte[] {1});
    assertTrue(storage.files().isEmpty());
  }

  @Test
  void aDoneTrainingLeavesNothing() throws IOException {
    StoredCheckpoints checkpoints = checkpoints(EACH);
    offer(checkpoints, "one", "two", "three");
    checkpoints.delete();
    assertEquals("", last());
    assertFalse(storage.exists("heads/f/c"));
  }
}
