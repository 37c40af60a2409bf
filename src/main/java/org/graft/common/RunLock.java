package org.graft.common;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One run at a time: files {@code run-1.json}, {@code run-2.json}, ... of which the highest counts.
 * It holds its owner, who writes it again and again as a sign of life, and last as released. Who
 * takes a lock, released or stale, makes the next number, which only one can, so of two who take
 * over the same lock one is refused; and an owner who slept too long finds a higher number than its
 * own. Numbers never go back, as the highest file is never removed.
 */
public final class RunLock implements AutoCloseable {
  /** Signs of life in the time after which a lock is stale. */
  private static final int BEATS = 10;

  private static final long MOST_BYTES = 1 << 16;
  private static final Pattern FILE = Pattern.compile(".*/run-([1-9][0-9]{0,17})\\.json");

  /** How long others may take who looked before this one wrote, where nothing excludes them. */
  private static final long SETTLE_MILLIS = 3000;

  private final Storage storage;
  private final String folder;
  private final long number;
  private final Consumer<String> notes;
  private final ScheduledExecutorService heart;
  private LockOwner owner;
  private volatile boolean lost;

  private RunLock(
      Storage storage, String folder, long number, LockOwner owner, Consumer<String> notes) {
    this.storage = storage;
    this.folder = folder;
    this.number = number;
    this.owner = owner;
    this.notes = notes;
    this.heart = Executors.newSingleThreadScheduledExecutor(RunLock::daemon);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "graft-lock");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * @param folder of the lock's files only
   * @param notes told of a lock that was taken over, and where locks cannot be relied upon
   * @throws UserError with {@link ExitCode#LOCKED} if another holds it
   */
  public static RunLock take(
      Storage storage, String folder, LockOwner owner, Consumer<String> notes) throws IOException {
    RunLock lock = attempt(storage, folder, owner, notes, SETTLE_MILLIS);
    long millis = Math.max(1, owner.staleSeconds() * 1000L / BEATS);
    var unused =
        lock.heart.scheduleWithFixedDelay(lock::tryToBeat, millis, millis, TimeUnit.MILLISECONDS);
    return lock;
  }

  /** Without a heart that beats by itself. */
  static RunLock attempt(
      Storage storage, String folder, LockOwner owner, Consumer<String> notes, long settleMillis)
      throws IOException {
    long newest = newest(storage, folder);
    if (newest > 0) {
      refuseUnlessFree(storage, folder, newest, owner, notes);
    }
    RunLock lock = new RunLock(storage, folder, newest + 1, owner, notes);
    if (!storage.createNew(lock.file(newest + 1), owner.bytes())) {
      throw held(storage, folder, newest + 1, owner);
    }
    lock.settle(settleMillis);
    lock.confirm(owner);
    return lock;
  }

  private static void refuseUnlessFree(
      Storage storage, String folder, long number, LockOwner asking, Consumer<String> notes)
      throws IOException {
    Held held = Held.read(storage, file(folder, number));
    if (held.owner != null && held.owner.released()) {
      return;
    }
    String why = held.stale(now(storage, folder, asking.runId()), asking.staleSeconds());
    if (why.isEmpty()) {
      throw held(storage, folder, number, asking);
    }
    notes.accept("lock: taken over from %s, %s".formatted(held, why));
  }

  /** The file system's own time, which is that of the files: clocks of hosts may differ. */
  private static long now(Storage storage, String folder, String runId) throws IOException {
    String probe = folder + "/_now-" + runId;
    storage.write(probe, new byte[] {1});
    long now = storage.entry(probe).modified();
    storage.delete(probe);
    return now;
  }

  private void settle(long millis) throws IOException {
    if (storage.excludes(file(number))) {
      return;
    }
    notes.accept(
        "lock: %s cannot refuse the second of two who write at the same moment, so two runs that begin within one request may both go on"
            .formatted(folder));
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while taking the lock " + folder, e);
    }
  }

  /** That nobody wrote this number too, or a higher one; then older files are of no use. */
  private void confirm(LockOwner asking) throws IOException {
    Held mine = Held.read(storage, file(number));
    if (mine.owner == null || !mine.owner.runId().equals(asking.runId())) {
      throw held(storage, folder, number, asking);
    }
    long newest = newest(storage, folder);
    if (newest > number) { // less: a listing that lags behind
      storage.delete(file(number));
      throw held(storage, folder, newest, asking);
    }
    for (Storage.Entry entry : storage.list(folder)) {
      if (number(entry.path()) > 0 && number(entry.path()) < number) {
        storage.delete(entry.path());
      }
    }
  }

  private void tryToBeat() {
    try {
      beat();
    } catch (IOException | RuntimeException e) { // the next one may succeed
      notes.accept("lock: Cannot write %s: %s".formatted(file(number), e.getMessage()));
    }
  }

  /** A sign of life. */
  synchronized void beat() throws IOException {
    if (newest(storage, folder) > number) {
      lost = true;
    }
    if (!lost && !owner.released()) {
      owner = owner.beat();
      storage.write(file(number), owner.bytes());
    }
  }

  /**
   * Asks the storage whether the lock is still held, for moments that matter.
   *
   * @throws UserError with {@link ExitCode#LOCKED} if another took it over
   */
  public void check() throws IOException {
    beat();
    checkHeard();
  }

  /** As {@link #check}, by what the last sign of life found. */
  public void checkHeard() throws IOException {
    if (lost) {
      throw new UserError(
          ExitCode.LOCKED,
          "Cannot go on: no sign of life of this run reached %s for %d seconds, and %s took the lock over. Run the same command again when that run has ended; is this machine suspended at times, or the storage away?"
              .formatted(
                  folder, owner.staleSeconds(), Held.read(storage, file(newest(storage, folder)))));
    }
  }

  /** Gives the lock back; a failure is only noted, as the lock is stale soon. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      release();
    } catch (IOException | RuntimeException e) {
      notes.accept("lock: Cannot write %s: %s".formatted(file(number), e.getMessage()));
    }
  }

  private synchronized void release() throws IOException {
    if (!lost && newest(storage, folder) <= number) {
      owner = owner.release();
      storage.write(file(number), owner.bytes());
    }
  }

  /** Who holds the lock in {@code folder}, for a message; empty: nobody. */
  public static String holder(Storage storage, String folder) throws IOException {
    long newest = newest(storage, folder);
    Held held = newest == 0 ? null : Held.read(storage, file(folder, newest));
    return held == null || (held.owner != null && held.owner.released()) ? "" : held.toString();
  }

  private static UserError held(Storage storage, String folder, long number, LockOwner asking)
      throws IOException {
    Held held = Held.read(storage, file(folder, number));
    long age = Math.max(0, (now(storage, folder, asking.runId()) - held.modified) / 1000);
    return new UserError(
        ExitCode.LOCKED,
        "Cannot %s: %s holds the lock in %s, and gave a sign of life %d seconds ago. Wait until it has ended, or use another workspace. If its process is gone, the lock can be taken %d seconds after its last sign of life."
            .formatted(asking.verb(), held, folder, age, held.staleSeconds(asking.staleSeconds())));
  }

  private String file(long of) {
    return file(folder, of);
  }

  private static String file(String folder, long number) {
    return folder + "/run-" + number + ".json";
  }

  /** 0 where there is none. */
  private static long newest(Storage storage, String folder) throws IOException {
    List<Storage.Entry> entries = storage.list(folder);
    return entries.stream().mapToLong(entry -> number(entry.path())).max().orElse(0);
  }

  private static long number(String path) {
    var matcher = FILE.matcher(path);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /**
   * A lock's file.
   *
   * @param owner null while it is being written, or cut short
   * @param modified by the file system's clock
   */
  private record Held(LockOwner owner, long modified) {
    static Held read(Storage storage, String file) throws IOException {
      long modified = 0;
      try {
        modified = storage.entry(file).modified();
        byte[] json = storage.read(file, MOST_BYTES);
        return new Held(Json.read(json, LockOwner.class, file), modified);
      } catch (FileNotFoundException e) { // its owner was refused
        return new Held(null, 0);
      } catch (UserError beingWritten) {
        return new Held(null, modified);
      }
    }

    int staleSeconds(int otherwise) {
      return owner == null ? otherwise : owner.staleSeconds();
    }

    /** Why others may take the lock; empty: they may not. */
    String stale(long now, int otherwise) {
      if (owner != null && owner.isKnownDead()) {
        return "whose process is gone";
      }
      long seconds = (now - modified) / 1000;
      return seconds > staleSeconds(otherwise)
          ? "whose last sign of life was %d seconds ago".formatted(seconds)
          : "";
    }

    @Override
    public String toString() {
      return owner == null ? "a run that is just beginning" : owner.toString();
    }
  }
}
