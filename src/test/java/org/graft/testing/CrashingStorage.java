package org.graft.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.graft.common.Storage;

/**
 * Passes on a number of operations, then fails for good, as a process that dies does: before the
 * operation, or just after it took effect.
 */
public final class CrashingStorage implements Storage {
  private final Storage storage;
  private final boolean afterEffect;
  private int left;

  public CrashingStorage(Storage storage, int operations, boolean afterEffect) {
    this.storage = storage;
    this.left = operations;
    this.afterEffect = afterEffect;
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws IOException;
  }

  private <T> T step(Operation<T> operation) throws IOException {
    if (left < 0 || (left == 0 && !afterEffect)) {
      throw new IOException("crash");
    }
    T result = operation.run();
    left--;
    if (left < 0) {
      throw new IOException("crash");
    }
    return result;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  private void act(Action action) throws IOException {
    step(
        () -> {
          action.run();
          return true;
        });
  }

  @Override
  public InputStream open(String path) throws IOException {
    return step(() -> storage.open(path));
  }

  @Override
  public Entry entry(String path) throws IOException {
    return step(() -> storage.entry(path));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return step(() -> storage.exists(path));
  }

  @Override
  public boolean isFolder(String path) throws IOException {
    return step(() -> storage.isFolder(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    return step(() -> storage.list(folder));
  }

  @Override
  public List<String> folders(String folder) throws IOException {
    return step(() -> storage.folders(folder));
  }

  @Override
  public void delete(String path) throws IOException {
    act(() -> storage.delete(path));
  }

  @Override
  public PendingFile create(String path) throws IOException {
    PendingFile file = step(() -> storage.create(path));
    return new PendingFile() {
      @Override
      public OutputStream out() {
        return new FilterOutputStream(file.out()) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            act(() -> out.write(bytes, offset, length));
          }
        };
      }

      @Override
      public void commit() throws IOException {
        act(file::commit);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
