package org.graft.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Files by path, on a local disk or any file system of the cluster. Paths are absolute or URIs;
 * {@code /} separates names.
 */
public interface Storage {
  /** What {@link #list} tells of a file; {@code modified} in milliseconds since 1970. */
  record Entry(String path, long length, long modified) {}

  InputStream open(String path) throws IOException;

  /** The whole file; more than {@code limit} bytes are an {@link IOException}. */
  default byte[] read(String path, long limit) throws IOException {
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
      if (bytes.length > limit) {
        throw new IOException(path + " has more than " + limit + " bytes");
      }
      return bytes;
    }
  }

  boolean exists(String path) throws IOException;

  boolean isFolder(String path) throws IOException;

  /** Files below {@code folder}, at any depth, sorted by path; none if the folder is missing. */
  List<Entry> list(String folder) throws IOException;

  /** Names of the folders directly below {@code folder}, sorted; none if it is missing. */
  List<String> folders(String folder) throws IOException;

  /**
   * A file that appears whole, replacing what was there, when {@link PendingFile#commit} returns;
   * never before, and not at all if it is closed without.
   */
  PendingFile create(String path) throws IOException;

  void delete(String path) throws IOException;

  default void write(String path, byte[] bytes) throws IOException {
    try (PendingFile file = create(path)) {
      file.out().write(bytes);
      file.commit();
    }
  }

  /** A file being written under another name. */
  interface PendingFile extends AutoCloseable {
    OutputStream out();

    /** Closes the stream and gives the file its name. */
    void commit() throws IOException;

    /** Removes what was not committed. */
    @Override
    void close() throws IOException;
  }
}
