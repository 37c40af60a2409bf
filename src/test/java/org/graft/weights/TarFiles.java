package org.graft.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Tar archives, entry by entry. */
public final class TarFiles {
  private TarFiles() {}

  public static Path packed(Path folder, byte[]... entries) throws IOException {
    Path path = folder.resolve("made.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      write(out, entries);
    }
    return path;
  }

  public static Path plain(Path folder, byte[]... entries) throws IOException {
    Path path = folder.resolve("made.tar");
    try (OutputStream out = Files.newOutputStream(path)) {
      write(out, entries);
    }
    return path;
  }

  private static void write(OutputStream out, byte[]... entries) throws IOException {
    for (byte[] entry : entries) {
      out.write(entry);
    }
    out.write(new byte[1024]);
  }

  /** Header and contents, in whole blocks. */
  public static byte[] entry(String name, char type, byte[] contents) {
    byte[] blocks = new byte[512 + (contents.length + 511) / 512 * 512];
    put(blocks, 0, name);
    put(blocks, 124, "%011o".formatted(contents.length));
    put(blocks, 148, "        ");
    blocks[156] = (byte) type;
    put(blocks, 257, "ustar");
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += blocks[i] & 0xff;
    }
    put(blocks, 148, "%06o".formatted(sum));
    blocks[154] = 0;
    System.arraycopy(contents, 0, blocks, 512, contents.length);
    return blocks;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
