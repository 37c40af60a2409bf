package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An immutable table in LevelDB's format, as TensorFlow keeps the index of a checkpoint: blocks of
 * keys in ascending order, each key without the prefix that it shares with the one before. Source:
 * {@code leveldb/doc/table_format.md}.
 */
final class SortedTable {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER = 48;
  private static final int MAGIC_AT = FOOTER - Long.BYTES;

  /** A block ends with its kind of compression and its checksum. */
  private static final int TRAILER = 1 + Integer.BYTES;

  /** An index has about a hundred bytes a tensor. */
  private static final long LONGEST = 64 << 20;

  /** Prefixes make keys longer than the file; together they may have this many bytes. */
  private static final long MOST_KEY_BYTES = 64 << 20;

  private static final int LONGEST_KEY = 1 << 13;

  private final TensorFile file;
  private final Map<String, ByteBuffer> values = new LinkedHashMap<>();
  private byte[] last = null;
  private long keyBytes;

  private SortedTable(TensorFile file) {
    this.file = file;
  }

  static boolean isTable(TensorFile file) throws IOException {
    return file.size() >= FOOTER
        && file.bytes(file.size() - Long.BYTES, Long.BYTES).getLong() == MAGIC;
  }

  /**
   * All values by key, in order. Keys are Latin-1, so that each byte is one character.
   *
   * @throws org.graft.common.UserError if a checksum is wrong or the table is not sound
   */
  static Map<String, ByteBuffer> read(TensorFile file) throws IOException {
    SortedTable table = new SortedTable(file);
    table.read();
    return table.values;
  }

  private void read() throws IOException {
    check(file.size() <= LONGEST, "its index has %d bytes (limit: %d)", file.size(), LONGEST);
    check(isTable(file), "it is no table of TensorFlow's");
    ByteBuffer footer = file.bytes(file.size() - FOOTER, MAGIC_AT);
    number(footer);
    number(footer); // where the meta index lies: it is empty
    forEach(block(footer), (key, handle) -> forEach(block(handle), this::put));
  }

  private interface Visitor {
    void visit(byte[] key, ByteBuffer value) throws IOException;
  }

  private void put(byte[] key, ByteBuffer value) {
    check(last == null || Arrays.compareUnsigned(last, key) < 0, "its keys are not in order");
    last = key;
    values.put(new String(key, StandardCharsets.ISO_8859_1), value);
  }

  /** The block that a handle (offset and length) points at, without its trailer. */
  private ByteBuffer block(ByteBuffer handle) throws IOException {
    long offset = number(handle);
    long length = number(handle);
    check(
        length >= 0 && length <= LONGEST && file.holds(offset, length + TRAILER),
        "a block of its index would lie at bytes %d to %d of %d",
        offset,
        offset + length,
        file.size());
    ByteBuffer block = file.bytes(offset, (int) length + TRAILER);
    int stored = block.getInt((int) length + 1);
    check(
        stored == new Crc32c().add(block.slice(0, (int) length + 1)).masked(),
        "the checksum of its index is wrong");
    byte compression = block.get((int) length);
    ByteBuffer contents = block.limit((int) length);
    return compression == 1 ? Snappy.decode(file, contents) : plain(contents, compression);
  }

  private ByteBuffer plain(ByteBuffer contents, byte compression) {
    check(compression == 0, "its index is compressed in an unknown way (%d)", compression);
    return contents;
  }

  private void forEach(ByteBuffer block, Visitor visitor) throws IOException {
    block.order(ByteOrder.LITTLE_ENDIAN);
    int length = block.limit();
    check(length >= Integer.BYTES, "a block of its index has %d bytes", length);
    long restarts = block.getInt(length - Integer.BYTES) & 0xffffffffL;
    long end = length - Integer.BYTES - restarts * Integer.BYTES;
    check(end >= 0, "a block of its index has %d restarts", restarts);
    block.limit((int) end);
    byte[] key = new byte[0];
    while (block.hasRemaining()) {
      long shared = number(block);
      long rest = number(block);
      long valueLength = number(block);
      check(
          shared >= 0 && shared <= key.length && rest >= 0 && rest <= LONGEST_KEY - shared,
          "a key of its index has %d bytes (limit: %d)",
          shared + rest,
          LONGEST_KEY);
      keyBytes += shared + rest;
      check(keyBytes <= MOST_KEY_BYTES, "its keys have more than %d bytes", MOST_KEY_BYTES);
      byte[] next = Arrays.copyOf(key, (int) (shared + rest));
      slice(block, rest).get(next, (int) shared, (int) rest);
      key = next;
      visitor.visit(key, slice(block, valueLength));
    }
  }

  private ByteBuffer slice(ByteBuffer block, long length) {
    check(
        length >= 0 && length <= block.remaining(),
        "an entry of its index has %d bytes, where %d are left",
        length,
        block.remaining());
    ByteBuffer slice = block.slice(block.position(), (int) length);
    block.position(block.position() + (int) length);
    return slice;
  }

  private long number(ByteBuffer bytes) {
    return file.varint(bytes);
  }

  private void check(boolean holds, String why, Object... args) {
    if (!holds) {
      throw file.damaged(why, args);
    }
  }
}
