package org.graft.common;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Files by path, on a local disk or any file system of the cluster. Paths are absolute or URIs
 * without escapes ({@code s3a://bucket/50% off/a b.jpg}): every character of a name stands for
 * itself, and {@code /} separates names. Failures are {@link IOException}s that name the path.
 */
public interface Storage {
  /** The beginning of a name that {@link #isHidden} looks for. */
  Pattern HIDDEN = Pattern.compile("/[_.]");

  /** What {@link #list} tells of a file; {@code modified} in milliseconds since 1970. */
  record Entry(String path, long length, long modified) {}

  /** Throws {@link java.io.FileNotFoundException} if there is no such file. */
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

  /** As {@link Ranges#read}, for one range. */
  default byte[] read(String path, long offset, int length) throws IOException {
    try (Ranges file = ranges(path)) {
      return file.read(offset, length);
    }
  }

  /** Opens a file to be read in pieces. Throws as {@link #open}. */
  default Ranges ranges(String path) throws IOException {
    return new Ranges() {
      @Override
      public byte[] read(long offset, int length) throws IOException {
        try (InputStream in = open(path)) {
          in.skipNBytes(offset);
          byte[] bytes = in.readNBytes(length);
          if (bytes.length < length) {
            throw new EOFException();
          }
          return bytes;
        } catch (EOFException e) {
          throw Ranges.cutShort(path, offset, length);
        }
      }

      @Override
      public void close() {}
    };
  }

  /** One file, as {@link #list} would tell of it. Throws as {@link #open}. */
  Entry entry(String path) throws IOException;

  boolean exists(String path) throws IOException;

  boolean isFolder(String path) throws IOException;

  /**
   * All files below {@code folder}, hidden ones too, at any depth, sorted by path; none if the
   * folder is missing. Their paths begin with {@code folder} as it was given.
   */
  List<Entry> list(String folder) throws IOException;

  /** Names of the folders directly below {@code folder}, sorted; none if it is missing. */
  List<String> folders(String folder) throws IOException;

  /**
   * Whether a name between {@code folder} and the end of {@code path} begins with {@code _} or
   * {@code .}: markers, checksums, and files that are still being written.
   */
  static boolean isHidden(String folder, String path) {
    String below = path.substring(folder.length());
    return below.startsWith("_") || below.startsWith(".") || HIDDEN.matcher(below).find();
  }

  /**
   * A file that appears whole, replacing what was there, when {@link PendingFile#commit} returns;
   * never before, and not at all if it is closed without. Missing folders above it are made.
   */
  PendingFile create(String path) throws IOException;

  /** Removes a file, or a folder with all that is in it; a missing one is well. */
  void delete(String path) throws IOException;

  default void write(String path, byte[] bytes) throws IOException {
    try (PendingFile file = create(path)) {
      file.out().write(bytes);
      file.commit();
    }
  }

  /**
   * As {@link #write}, but only where there is nothing yet: of several who try at the same moment
   * one succeeds, where {@link #excludes} says so; elsewhere more than one may believe it.
   *
   * @return whether the file is the one given
   */
  default boolean createNew(String path, byte[] bytes) throws IOException {
    if (exists(path)) {
      return false;
    }
    write(path, bytes);
    return true;
  }

  /** Whether {@link #createNew} looks and writes in one step at this path. */
  default boolean excludes(String path) throws IOException {
    return false;
  }

  /** A file that stays open while pieces of it are read, by any number of threads. */
  interface Ranges extends AutoCloseable {
    /** Exactly {@code length} bytes; a file that ends before is an {@link EOFException}. */
    byte[] read(long offset, int length) throws IOException;

    @Override
    void close() throws IOException;

    /** What a file that ends before the last byte of a range fails with. */
    static EOFException cutShort(String path, long offset, int length) {
      return new EOFException(
          "Cannot read %s: it ends before byte %d".formatted(path, offset + length));
    }
  }

  /** A file being written under another name. */
  interface PendingFile extends AutoCloseable {
    /** Closing it only flushes, so it may be wrapped in streams that must be closed. */
    OutputStream out();

    /** Closes the stream and gives the file its name. */
    void commit() throws IOException;

    /** Removes what was not committed. */
    @Override
    void close() throws IOException;
  }
}
