package org.graft.weights;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** The files of one reader: whatever happens while it opens them, all are closed. */
final class OpenFiles implements Closeable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** What a reader does with its files. */
  interface Opening {
    Tensors open(OpenFiles files) throws IOException;
  }

  /** Closes what was opened if {@code opening} fails. */
  static Tensors with(Opening opening) throws IOException {
    OpenFiles files = new OpenFiles();
    try {
      return opening.open(files);
    } catch (RuntimeException | IOException e) {
      files.close();
      throw e;
    }
  }

  TensorFile open(Path path) throws IOException {
    return add(TensorFile.open(path));
  }

  <T extends AutoCloseable> T add(T file) {
    open.push(file);
    return file;
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
