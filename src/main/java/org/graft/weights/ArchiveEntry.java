package org.graft.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A file inside a published archive: {@code jar:https://…/weights.jar!/file}, as URLs of Java have
 * it.
 */
record ArchiveEntry(String archive, String name) {
  static final String SCHEME = "jar:";

  private static final int CHUNK = 1 << 16;

  static ArchiveEntry of(String location) throws IOException {
    int end = location.lastIndexOf("!/");
    if (end < 0) {
      throw new IOException("it names no file in the archive: write jar:ARCHIVE!/FILE");
    }
    return new ArchiveEntry(
        location.substring(SCHEME.length(), end), location.substring(end + "!/".length()));
  }

  /**
   * @param most bytes of the entry; null: as many as it has
   */
  void extract(Path file, Path to, Long most) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new FileNotFoundException("the archive has no " + name);
      }
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(to)) {
        copy(in, out, most == null ? Long.MAX_VALUE : most);
      }
    }
  }

  private void copy(InputStream in, OutputStream out, long most) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long left = most;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      left -= n;
      if (left < 0) {
        throw new IOException("%s is larger than %d bytes".formatted(name, most));
      }
      out.write(chunk, 0, n);
    }
  }
}
