package org.graft.weights;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * A tar archive, packed by gzip or not. Entries are known by their whole names, with or without
 * {@code ./} before them; all others are passed over, so that none is written elsewhere.
 */
final class TarArchive {
  private static final int CHUNK = 1 << 16;

  private final TensorFile file;

  TarArchive(TensorFile file) {
    this.file = file;
  }

  private interface Visit {
    /**
     * Reads no more than the entry has.
     *
     * @return whether to go on
     */
    boolean entry(String name, TarEntry entry, InputStream contents) throws IOException;
  }

  /** The name of the first file that is wanted. */
  Optional<String> first(Pattern wanted) throws IOException {
    String[] found = new String[1];
    walk(
        wanted,
        (name, entry, contents) -> {
          found[0] = name;
          return false;
        });
    return Optional.ofNullable(found[0]);
  }

  /** Writes the files that are wanted below a folder; the folders that they need are there. */
  void unpack(Pattern wanted, Path folder) throws IOException {
    walk(
        wanted,
        (name, entry, contents) -> {
          write(contents, entry, folder.resolve(name));
          return true;
        });
  }

  private void walk(Pattern wanted, Visit visit) throws IOException {
    try (InputStream in = new BufferedInputStream(GrowthLimit.open(file))) {
      for (TarEntry entry = next(in); entry != null; entry = next(in)) {
        String name = entry.name().startsWith("./") ? entry.name().substring(2) : entry.name();
        if (!entry.isFile() || !wanted.matcher(name).matches()) {
          in.skipNBytes(entry.length());
        } else if (!visit.entry(name, entry, in)) {
          return;
        }
        in.skipNBytes(entry.padding());
      }
    } catch (EOFException | ZipException e) {
      throw file.damaged("it ends early or cannot be unpacked");
    }
  }

  private void write(InputStream in, TarEntry entry, Path target) throws IOException {
    if (Files.exists(target)) {
      throw file.damaged("it has two entries '%s'", entry.name());
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK, entry.length())];
    try (OutputStream out = Files.newOutputStream(target)) {
      for (long left = entry.length(); left > 0; ) {
        int now = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
        if (now == 0) {
          throw new EOFException();
        }
        out.write(chunk, 0, now);
        left -= now;
      }
    }
  }

  /** The next entry's header; null at the end, which is a block of zeros. */
  private TarEntry next(InputStream in) throws IOException {
    byte[] block = in.readNBytes(TarEntry.BLOCK);
    return block.length < TarEntry.BLOCK ? null : TarEntry.of(file, block);
  }
}
