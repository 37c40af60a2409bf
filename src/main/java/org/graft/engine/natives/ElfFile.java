package org.graft.engine.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.graft.common.UserError;

/**
 * The named parts of a 64-bit little-endian ELF file ("System V ABI", chapter 4).
 *
 * @param bytes the whole file; parts of it are views
 * @param name for messages
 */
record ElfFile(ByteBuffer bytes, String name) {
  private static final int MAGIC = 0x464c457f; // 7f E L F
  private static final int CLASS_64_LITTLE = 0x0102;
  private static final int HEADER = 64;
  private static final int SECTION = 64;

  ElfFile {
    bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.capacity() < HEADER
        || bytes.getInt(0) != MAGIC
        || bytes.getShort(4) != CLASS_64_LITTLE) {
      throw error(name, "it is no 64-bit little-endian ELF file");
    }
  }

  /** What the section of that name holds. */
  Optional<ByteBuffer> section(String wanted) {
    int table = offset(bytes.getLong(40));
    int count = Short.toUnsignedInt(bytes.getShort(60));
    int strings = at(table, Short.toUnsignedInt(bytes.getShort(62)));
    ByteBuffer names = view(strings);
    for (int i = 0; i < count; i++) {
      int section = at(table, i);
      if (text(names, bytes.getInt(section)).equals(wanted)) {
        return Optional.of(view(section));
      }
    }
    return Optional.empty();
  }

  private int at(int table, int index) {
    int header = offset((long) table + (long) SECTION * index);
    offset((long) header + SECTION);
    return header;
  }

  private ByteBuffer view(int section) {
    int from = offset(bytes.getLong(section + 24));
    int size = offset(bytes.getLong(section + 32));
    offset((long) from + size);
    return bytes.slice(from, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int offset(long offset) {
    if (offset < 0 || offset > bytes.capacity()) {
      throw error(
          name,
          "it is damaged: byte %d is told of (it has %d)".formatted(offset, bytes.capacity()));
    }
    return (int) offset;
  }

  private String text(ByteBuffer names, int from) {
    int to = from;
    while (to >= 0 && to < names.capacity() && names.get(to) != 0) {
      to++;
    }
    if (from < 0 || from > to || to >= names.capacity()) {
      throw error(name, "it is damaged: a section's name ends nowhere");
    }
    byte[] text = new byte[to - from];
    names.get(from, text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  static UserError error(String name, String why) {
    return new UserError("Cannot thin %s: %s. Fetch the library anew.".formatted(name, why));
  }
}
