package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The directory of a zip file (with zip64). An entry that is stored and not compressed is a slice
 * of the file; {@code java.util.zip} does not tell where an entry lies.
 */
final class StoredZip {
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END64_LENGTH = 56;
  private static final int ENTRY_LENGTH = 46;
  private static final int LOCAL_LENGTH = 30;
  private static final int END = 0x06054b50;
  private static final int LOCATOR = 0x07064b50;
  private static final int END64 = 0x06064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int DEFLATED = 8;
  private static final long LONGEST_DIRECTORY = 64 << 20;
  private static final long UNSIGNED_INT = 0xffffffffL;

  /** A slice of the file: where an entry's bytes lie. */
  record Slice(long offset, long length) {}

  private record Entry(int method, long length, long storedLength, long header) {}

  private final TensorFile file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private StoredZip(TensorFile file) {
    this.file = file;
  }

  static StoredZip read(TensorFile file) throws IOException {
    StoredZip zip = new StoredZip(file);
    zip.readDirectory();
    return zip;
  }

  Set<String> names() {
    return entries.keySet();
  }

  /** Where the entry's bytes lie; the name must be one of {@link #names}. */
  Slice slice(String name) throws IOException {
    if (!isStored(name)) {
      throw file.unsupported("its entry '" + name + "' is compressed", "Write it with torch.save.");
    }
    return packed(name);
  }

  boolean isStored(String name) {
    Entry entry = entries.get(name);
    return entry.method == 0 && entry.length == entry.storedLength;
  }

  boolean isDeflated(String name) {
    return entries.get(name).method == DEFLATED;
  }

  /** The length that an entry should have once it is unpacked. */
  long length(String name) {
    return entries.get(name).length;
  }

  /** Where the entry's bytes lie as they are, perhaps compressed. */
  Slice packed(String name) throws IOException {
    Entry entry = entries.get(name);
    ByteBuffer local = file.bytes(entry.header, LOCAL_LENGTH);
    check(local.getInt(0) == LOCAL, "entry '%s' has no header", name);
    long offset = entry.header + LOCAL_LENGTH + unsigned(local, 26) + unsigned(local, 28);
    check(file.holds(offset, entry.storedLength), "entry '%s' passes its end", name);
    return new Slice(offset, entry.storedLength);
  }

  private void readDirectory() throws IOException {
    long end = findEnd();
    ByteBuffer tail = file.bytes(end, END_LENGTH);
    long length = tail.getInt(12) & UNSIGNED_INT;
    long offset = tail.getInt(16) & UNSIGNED_INT;
    if (length == UNSIGNED_INT || offset == UNSIGNED_INT || unsigned(tail, 10) == 0xffff) {
      ByteBuffer end64 = readEnd64(end);
      length = end64.getLong(40);
      offset = end64.getLong(48);
    }
    check(
        length >= 0 && length <= LONGEST_DIRECTORY && file.holds(offset, length),
        "its zip directory would have %d bytes",
        length);
    ByteBuffer directory = file.bytes(offset, (int) length);
    while (directory.remaining() >= ENTRY_LENGTH) {
      readEntry(directory);
    }
  }

  /** The end record is the last thing in the file, but for a comment of less than 64 kB. */
  private long findEnd() throws IOException {
    int length = (int) Math.min(file.size(), END_LENGTH + 0xffff);
    ByteBuffer tail = file.bytes(file.size() - length, length);
    for (int at = length - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END && unsigned(tail, at + 20) == length - at - END_LENGTH) {
        return file.size() - length + at;
      }
    }
    throw file.damaged("it begins as a zip file but has no zip directory");
  }

  private ByteBuffer readEnd64(long end) throws IOException {
    ByteBuffer locator = file.bytes(end - LOCATOR_LENGTH, LOCATOR_LENGTH);
    check(locator.getInt(0) == LOCATOR, "its zip64 directory is missing");
    ByteBuffer end64 = file.bytes(locator.getLong(8), END64_LENGTH);
    check(end64.getInt(0) == END64, "its zip64 directory is missing");
    return end64;
  }

  private void readEntry(ByteBuffer directory) {
    int start = directory.position();
    int nameLength = unsigned(directory, start + 28);
    int extraLength = unsigned(directory, start + 30);
    long total = (long) ENTRY_LENGTH + nameLength + extraLength + unsigned(directory, start + 32);
    check(
        directory.getInt(start) == ENTRY && total <= directory.remaining(),
        "its zip directory is broken");
    byte[] name = new byte[nameLength];
    directory.get(start + ENTRY_LENGTH, name);
    ByteBuffer extra = directory.slice(start + ENTRY_LENGTH + nameLength, extraLength);
    Entry entry = entry(directory, start, zip64(extra.order(directory.order())));
    String text = new String(name, StandardCharsets.UTF_8);
    check(entries.put(text, entry) == null, "it has two entries '%s'", text);
    directory.position(start + (int) total);
  }

  /** Sizes and offset, taken from the zip64 field where the plain field is all ones. */
  private Entry entry(ByteBuffer directory, int start, ByteBuffer zip64) {
    long length = wide(directory.getInt(start + 24), zip64);
    long stored = wide(directory.getInt(start + 20), zip64);
    long header = wide(directory.getInt(start + 42), zip64);
    check(length >= 0 && stored >= 0 && header >= 0, "its zip directory is broken");
    return new Entry(unsigned(directory, start + 10), length, stored, header);
  }

  private long wide(int narrow, ByteBuffer zip64) {
    if (narrow != -1) {
      return narrow & UNSIGNED_INT;
    }
    check(zip64.remaining() >= Long.BYTES, "its zip64 directory is broken");
    return zip64.getLong();
  }

  /** The zip64 field (id 1) among the extra fields; empty if there is none. */
  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort();
      int length = Math.min(extra.getShort() & 0xffff, extra.remaining());
      if (id == 1) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private static int unsigned(ByteBuffer bytes, int at) {
    return bytes.getShort(at) & 0xffff;
  }

  private void check(boolean holds, String why, Object... args) {
    if (!holds) {
      throw file.damaged(why, args);
    }
  }
}
