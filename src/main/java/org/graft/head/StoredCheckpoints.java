package org.graft.head;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.graft.common.Storage;
import org.graft.common.Version;

/**
 * Checkpoints as two files that are replaced in turn, each atomically: while one is written, and
 * should it be damaged later, the other is there.
 */
public final class StoredCheckpoints implements Checkpoints {
  private static final int FILES = 2;
  private static final long MOST_BYTES = 1L << 30;

  private final Storage storage;
  private final String folder;
  private final String fingerprint;
  private final String owner;
  private final Rhythm rhythm;
  private final Consumer<String> notes;
  private final LongSupplier nanoTime;
  private long number;
  private int rounds;
  private long since;

  /**
   * @param folder of their own
   * @param fingerprint of all that shapes the training: others' checkpoints are not taken
   * @param notes told what a user should know
   */
  public StoredCheckpoints(
      Storage storage, String folder, String fingerprint, Rhythm rhythm, Consumer<String> notes) {
    this(storage, folder, fingerprint, rhythm, notes, System::nanoTime);
  }

  StoredCheckpoints(
      Storage storage,
      String folder,
      String fingerprint,
      Rhythm rhythm,
      Consumer<String> notes,
      LongSupplier nanoTime) {
    this.storage = storage;
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.owner = fingerprint + " " + Version.graft();
    this.rhythm = rhythm;
    this.notes = notes;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  @Override
  public <T> Optional<T> last(Function<byte[], T> reader) {
    Found<T> newest = null;
    for (int i = 0; i < FILES; i++) {
      Found<T> found = find(path(i), reader);
      if (found != null && (newest == null || found.number > newest.number)) {
        newest = found;
      }
    }
    if (newest == null) {
      return Optional.empty();
    }
    notes.accept("goes on from " + path(newest.number % FILES));
    number = newest.number + 1;
    return Optional.of(newest.state);
  }

  private record Found<T>(long number, T state) {}

  /** Null where there is none that can be used. */
  private <T> Found<T> find(String path, Function<byte[], T> reader) {
    try {
      if (!storage.exists(path)) {
        return null;
      }
      CheckpointFile file = CheckpointFile.of(storage.read(path, MOST_BYTES));
      if (!file.owner().equals(owner)) {
        throw new IOException("it is of '%s', not of '%s'".formatted(file.owner(), owner));
      }
      return new Found<>(file.number(), reader.apply(file.state()));
    } catch (IOException | RuntimeException e) { // whatever a reader makes of strange bytes
      notes.accept(
          "Cannot use the checkpoint %s: %s. Training goes on without it."
              .formatted(path, e.getMessage()));
      return null;
    }
  }

  @Override
  public void offer(Supplier<byte[]> state) {
    rounds++;
    if (rhythm.due(rounds, (nanoTime.getAsLong() - since) / 1e9)) {
      keep(state);
    }
  }

  @Override
  public void end(Supplier<byte[]> state) {
    if (!rhythm.never()) {
      keep(state);
    }
  }

  @Override
  public Checkpoints of(String training) {
    return new StoredCheckpoints(
        storage, folder + "/" + training, fingerprint + " " + training, rhythm, notes, nanoTime);
  }

  private void keep(Supplier<byte[]> state) {
    String path = path(number % FILES);
    try {
      storage.write(path, new CheckpointFile(owner, number, state.get()).toBytes());
    } catch (IOException e) { // the training itself is well
      notes.accept("Cannot write the checkpoint %s: %s.".formatted(path, e.getMessage()));
    }
    number++;
    rounds = 0;
    since = nanoTime.getAsLong();
  }

  /** For a training that is done. */
  public void delete() throws IOException {
    storage.delete(folder);
  }

  private String path(long file) {
    return folder + "/checkpoint-" + file;
  }
}
