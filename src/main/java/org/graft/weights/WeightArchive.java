package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Entries of a zip file, stored or deflated, as bytes. A stored entry is a view of the file; a
 * deflated one is unpacked into memory or, if long, into a temporary file, and never grows beyond
 * the length that the archive's directory gives, nor beyond {@value #MOST_GROWTH} times its packed
 * length.
 */
public final class WeightArchive implements AutoCloseable {
  /** Trained weights hardly shrink at all; a bomb grows a thousandfold. */
  private static final long MOST_GROWTH = 100;

  private static final long ALWAYS_ALLOWED = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private final TensorFile file;
  private final StoredZip zip;

  private WeightArchive(TensorFile file, StoredZip zip) {
    this.file = file;
    this.zip = zip;
  }

  /**
   * @throws org.graft.common.UserError if it is not a sound zip file
   */
  public static WeightArchive open(Path path) throws IOException {
    TensorFile file = TensorFile.open(path);
    try {
      return new WeightArchive(file, StoredZip.read(file));
    } catch (RuntimeException | IOException e) {
      file.close();
      throw e;
    }
  }

  public Set<String> names() {
    return zip.names();
  }

  /**
   * The bytes of an entry.
   *
   * @param longest how many bytes it may have, at most 2^31 - 1
   * @throws org.graft.common.UserError if it is missing, damaged or longer
   */
  public ByteBuffer bytes(String name, long longest) throws IOException {
    if (!zip.names().contains(name)) {
      throw file.damaged("it has no entry '%s'", name);
    }
    long length = zip.length(name);
    if (length > longest) {
      throw file.damaged("its entry '%s' has %d bytes (limit: %d)", name, length, longest);
    }
    StoredZip.Slice slice = zip.packed(name);
    if (zip.isStored(name)) {
      return file.map(slice.offset(), slice.length());
    }
    if (!zip.isDeflated(name)) {
      throw file.unsupported(
          "its entry '" + name + "' is packed in an unknown way", "Store or deflate it.");
    }
    if (length > ALWAYS_ALLOWED && length / MOST_GROWTH > slice.length()) {
      throw file.damaged(
          "its entry '%s' would grow from %d to %d bytes (limit: %d-fold)",
          name, slice.length(), length, MOST_GROWTH);
    }
    return inflate(name, file.map(slice.offset(), slice.length()), (int) length);
  }

  private ByteBuffer inflate(String name, ByteBuffer packed, int length) throws IOException {
    if (length <= ALWAYS_ALLOWED) {
      ByteBuffer unpacked = ByteBuffer.allocate(length);
      inflate(name, packed, length, unpacked::put);
      return unpacked.flip();
    }
    Path scratch = Files.createTempFile("graft", ".weights");
    try (FileChannel channel =
        FileChannel.open(
            scratch,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      inflate(name, packed, length, channel::write);
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
    }
  }

  private interface Sink {
    Object accept(ByteBuffer bytes) throws IOException;
  }

  private void inflate(String name, ByteBuffer packed, int length, Sink sink) throws IOException {
    Inflater inflater = new Inflater(true);
    byte[] chunk = new byte[Math.min(CHUNK, length + 1)];
    long done = 0;
    try {
      inflater.setInput(packed);
      while (!inflater.finished()) {
        int now = inflater.inflate(chunk);
        done += now;
        if (done > length || (now == 0 && !inflater.finished())) {
          throw file.damaged("its entry '%s' does not unpack to %d bytes", name, length);
        }
        sink.accept(ByteBuffer.wrap(chunk, 0, now));
      }
    } catch (DataFormatException e) {
      throw file.damaged("its entry '%s' cannot be unpacked", name);
    } finally {
      inflater.end();
    }
    if (done != length) {
      throw file.damaged("its entry '%s' unpacks to %d bytes, not %d", name, done, length);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
