package org.graft.engine.natives;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An ELF file with a few sections, and regions of machine code that nobody could run. */
final class MadeUpLibrary {
  static final int PTX = 1;
  static final int CODE = 2;
  static final long PLAIN = 0x8011; // flags as real libraries have them
  static final long EXACT = 0x108011;

  private MadeUpLibrary() {}

  /** One make's code: {@code bytes} times its level. */
  static byte[] entry(int kind, int level, long flags, int bytes) {
    ByteBuffer entry = ByteBuffer.allocate(64 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    entry.putShort(0, (short) kind).putShort(2, (short) 0x101).putInt(4, 64).putLong(8, bytes);
    entry.putInt(28, level).putLong(40, flags);
    for (int i = 64; i < entry.capacity(); i++) {
      entry.put(i, (byte) level);
    }
    return entry.array();
  }

  static byte[] region(byte[]... entries) {
    byte[] all = joined(entries);
    ByteBuffer region = ByteBuffer.allocate(16 + all.length).order(ByteOrder.LITTLE_ENDIAN);
    region.putInt(0xba55ed50).putShort((short) 1).putShort((short) 16).putLong(all.length).put(all);
    return region.array();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Names and contents in turn; a section of names comes last. */
  static byte[] elf(Object... sections) {
    List<String> names = new ArrayList<>(List.of(""));
    List<byte[]> contents = new ArrayList<>(List.of(new byte[0]));
    for (int i = 0; i < sections.length; i += 2) {
      names.add((String) sections[i]);
      contents.add((byte[]) sections[i + 1]);
    }
    names.add(".shstrtab");
    byte[] strings = (String.join("\0", names) + "\0").getBytes(StandardCharsets.US_ASCII);
    contents.add(strings);
    byte[] all = joined(contents.toArray(new byte[0][]));
    ByteBuffer elf =
        ByteBuffer.allocate(64 + all.length + 64 * names.size()).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).putLong(40, 64 + all.length);
    elf.putShort(60, (short) names.size()).putShort(62, (short) (names.size() - 1));
    elf.put(64, all);
    int offset = 64;
    int name = 0;
    for (int i = 0; i < names.size(); i++) {
      int header = 64 + all.length + 64 * i;
      elf.putInt(header, name).putLong(header + 24, offset);
      elf.putLong(header + 32, contents.get(i).length);
      offset += contents.get(i).length;
      name += names.get(i).length() + 1;
    }
    return elf.array();
  }
}
