package org.graft.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.cluster.Watch;
import org.graft.testing.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  private static final String FOLDER = "ws/locks";

  @TempDir Path temp;
  private final ClockedStorage storage = new ClockedStorage(true);
  private final List<String> notes = new ArrayList<>();

  /** Files in memory, and a clock that a test moves. */
  private static class ClockedStorage extends MemoryStorage {
    private final Map<String, Long> written = new HashMap<>();
    private final boolean excludes;
    private long now = 1_000_000;

    ClockedStorage(boolean excludes) {
      this.excludes = excludes;
    }

    void pass(int seconds) {
      now += 1000L * seconds;
    }

    @Override
    public void write(String path, byte[] bytes) throws IOException {
      super.write(path, bytes);
      written.put(path, now);
    }

    @Override
    public Entry entry(String path) throws IOException {
      return new Entry(path, super.entry(path).length(), written.get(path));
    }

    @Override
    public boolean excludes(String path) {
      return excludes;
    }
  }

  /** On some other machine, of which nothing is known here. */
  private static LockOwner owner(String runId, int staleSeconds) {
    return new LockOwner(
        runId, "run", "host-" + runId, 7, "", null, "2026-01-01", staleSeconds, 0, false);
  }

  private RunLock take(String runId) throws IOException {
    return RunLock.attempt(storage, FOLDER, owner(runId, 60), notes::add, 0);
  }

  private String refusal(String runId) {
    UserError e = assertThrows(UserError.class, () -> take(runId));
    assertEquals(ExitCode.LOCKED, e.exitCode());
    return e.getMessage();
  }

  @Test
  void theSecondIsRefusedAndToldWhoHoldsIt() throws IOException {
    take("a");
    storage.pass(12);
    assertEquals(
        "Cannot run: run a (run on host-a, process 7, since 2026-01-01) holds the lock in ws/locks, and gave a sign of life 12 seconds ago. Wait until it has ended, or use another workspace. If its process is gone, the lock can be taken 60 seconds after its last sign of life.",
        refusal("b"));
    assertTrue(RunLock.holder(storage, FOLDER).startsWith("run a "));
  }

  @Test
  void aReleasedLockIsFreeAndNumbersGoOn() throws IOException {
    for (int run = 1; run <= 3; run++) {
      take("r" + run).close();
      assertEquals(List.of(FOLDER + "/run-" + run + ".json"), files());
      assertEquals("", RunLock.holder(storage, FOLDER));
    }
    assertEquals(List.of(), notes);
  }

  private List<String> files() {
    return List.copyOf(storage.files().keySet());
  }

  @Test
  void anOwnerThatGivesSignsOfLifeKeepsIt() throws IOException {
    RunLock lock = take("a");
    for (int i = 0; i < 5; i++) {
      storage.pass(59);
      refusal("b");
      lock.beat();
    }
    lock.check();
  }

  @Test
  void aStaleLockIsTakenOverAndItsOwnerMustStop() throws IOException {
    RunLock slept = take("a");
    storage.pass(61);
    RunLock taken = take("b");
    assertEquals(
        List.of(
            "lock: taken over from run a (run on host-a, process 7, since 2026-01-01), whose last sign of life was 61 seconds ago"),
        notes);
    slept.checkHeard(); // it knows nothing yet
    UserError e = assertThrows(UserError.class, slept::check);
    assertEquals(ExitCode.LOCKED, e.exitCode());
    assertTrue(e.getMessage().startsWith("Cannot go on: no sign of life"), e.getMessage());
    assertTrue(e.getMessage().contains("run b (run on host-b"), e.getMessage());
    assertThrows(UserError.class, slept::checkHeard);
    slept.close();
    refusal("c"); // the first one's end gives nobody else's lock back
    taken.check();
    taken.close();
    take("c").check();
  }

  @Test
  void theOwnersPatienceCountsNotTheAskers() throws IOException {
    RunLock.attempt(storage, FOLDER, owner("a", 1000), notes::add, 0);
    storage.pass(500);
    assertTrue(refusal("b").contains("can be taken 1000 seconds after"));
  }

  @Test
  void aLockThatIsBeingWrittenIsHeldUntilItIsOld() throws IOException {
    storage.write(FOLDER + "/run-4.json", "{\"runId\": ".getBytes(StandardCharsets.UTF_8));
    assertTrue(refusal("b").contains("a run that is just beginning holds the lock"));
    storage.pass(61);
    take("b").check();
    assertEquals(List.of(FOLDER + "/run-5.json"), files());
  }

  @Test
  void aDeadProcessOfThisMachineHoldsNothing() throws Exception {
    Process process = new ProcessBuilder("true").start();
    LockOwner here = LockOwner.here("dead", "run", 60);
    LockOwner dead = withPid(here, process.pid());
    process.waitFor();
    if (here.place().isEmpty()) {
      return; // only Linux tells
    }
    RunLock.attempt(storage, FOLDER, dead, notes::add, 0);
    RunLock mine = RunLock.attempt(storage, FOLDER, here, notes::add, 0);
    assertTrue(notes.get(0).endsWith("whose process is gone"), notes::toString);
    refusal("b"); // this test's own process is alive
    mine.close();
    LockOwner elsewhere = withPid(owner("far", 60), process.pid());
    RunLock.attempt(storage, FOLDER, elsewhere, notes::add, 0);
    refusal("b"); // the same number on another machine says nothing
  }

  private static LockOwner withPid(LockOwner owner, long pid) {
    return new LockOwner(
        owner.runId(),
        owner.verb(),
        owner.host(),
        pid,
        owner.place(),
        null,
        owner.since(),
        owner.staleSeconds(),
        0,
        false);
  }

  @Test
  void ofManyWhoTakeOverAStaleLockOneSucceeds() throws Exception {
    Storage local = new LocalStorage();
    String folder = temp.resolve("locks").toString();
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 20; round++) {
        List<Callable<RunLock>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          LockOwner owner = owner("r" + round + "-" + i, 60);
          all.add(() -> RunLock.attempt(local, folder, owner, note -> {}, 0));
        }
        RunLock winner = null;
        for (Future<RunLock> each : pool.invokeAll(all)) {
          RunLock lock = orNull(each);
          assertTrue(lock == null || winner == null, "two hold the lock");
          winner = lock == null ? winner : lock;
        }
        winner.check();
        winner.close();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static RunLock orNull(Future<RunLock> tried) throws Exception {
    try {
      return tried.get();
    } catch (ExecutionException e) {
      assertEquals(UserError.class, e.getCause().getClass(), String.valueOf(e.getCause()));
      return null;
    }
  }

  @Test
  void theHeartBeatsByItself() throws Exception {
    Storage local = new LocalStorage();
    String folder = temp.resolve("locks").toString();
    try (RunLock lock = RunLock.take(local, folder, owner("a", 1), notes::add)) {
      Watch.until(() -> beats(local, folder) > 2, Duration.ofSeconds(30));
      lock.check();
    }
    assertTrue(released(local, folder));
  }

  private static long beats(Storage storage, String folder) {
    return read(storage, folder).beats();
  }

  private static boolean released(Storage storage, String folder) {
    return read(storage, folder).released();
  }

  private static LockOwner read(Storage storage, String folder) {
    String file = folder + "/run-1.json";
    try {
      return Json.read(storage.read(file, 10_000), LockOwner.class, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whereNothingExcludesTheLastToWriteHoldsItAndItIsSaid() throws IOException {
    ClockedStorage store = new ClockedStorage(false);
    RunLock.attempt(store, FOLDER, owner("a", 60), notes::add, 0).check();
    assertTrue(
        notes.get(0).startsWith("lock: ws/locks cannot refuse the second of two"), notes::toString);
    ClockedStorage raced =
        new ClockedStorage(false) {
          @Override
          public boolean createNew(String path, byte[] bytes) throws IOException {
            boolean created = super.createNew(path, bytes);
            write(path, owner("b", 60).bytes());
            return created;
          }
        };
    UserError e =
        assertThrows(
            UserError.class, () -> RunLock.attempt(raced, FOLDER, owner("a", 60), notes::add, 0));
    assertTrue(e.getMessage().startsWith("Cannot run: run b (run on host-b"), e.getMessage());
  }
}
