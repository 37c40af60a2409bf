package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a download's bytes go. Written by the client's threads, watched by the waiting one. */
final class DownloadSink implements AutoCloseable {
  private final Path part;
  private final long limit;
  private final WeightFetcher.Progress progress;
  private FileChannel channel;
  private IOException failure;
  private long position;
  private long written;
  private long total = -1;

  DownloadSink(Path part, long limit, WeightFetcher.Progress progress) {
    this.part = part;
    this.limit = limit;
    this.progress = progress;
  }

  /**
   * Keeps the first {@code have} bytes of what is there.
   *
   * @param length of what is to come; -1 if unknown
   */
  synchronized void begin(long have, long length) {
    try {
      channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(have);
      position = have;
      total = length < 0 ? -1 : have + length;
      if (total > limit) {
        throw tooLong(total);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /** After a failure nothing more is written. */
  synchronized void write(byte[] bytes) {
    if (failure != null) {
      return;
    }
    try {
      if (position + bytes.length > limit) {
        throw tooLong(position + bytes.length);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        position += channel.write(buffer, position);
      }
      written += bytes.length;
      progress.at(position, total);
    } catch (HttpDownload.RefusedException e) {
      failure = e;
    } catch (IOException e) {
      failure = new FileSystemException(part.toString(), null, e.getMessage());
    }
  }

  private HttpDownload.RefusedException tooLong(long bytes) {
    return new HttpDownload.RefusedException(
        "it has at least %d bytes, expected %d".formatted(bytes, limit));
  }

  synchronized long written() {
    return written;
  }

  synchronized boolean hasBegun() {
    return channel != null;
  }

  synchronized boolean hasFailed() {
    return failure != null;
  }

  synchronized void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Everything came: checks the length and puts it on the disk. */
  synchronized void finish() throws IOException {
    throwFailure();
    if (total >= 0 && position != total) {
      throw new IOException("the connection ended after %d of %d bytes".formatted(position, total));
    }
    channel.force(true);
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
