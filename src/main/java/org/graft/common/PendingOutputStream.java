package org.graft.common;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The stream of a {@link Storage.PendingFile}: names the file when a write fails, and is not closed
 * by those who write to it, since on an object store closing is committing.
 */
public final class PendingOutputStream extends FilterOutputStream {
  private final String path;

  public PendingOutputStream(OutputStream out, String path) {
    super(out);
    this.path = path;
  }

  @Override
  public void write(int b) throws IOException {
    attempt(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    attempt(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    attempt(out::flush);
  }

  /** Flushes only. */
  @Override
  public void close() throws IOException {
    flush();
  }

  private void attempt(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      throw new PathException("write", path, e);
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}
