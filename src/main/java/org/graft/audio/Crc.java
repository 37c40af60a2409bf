package org.graft.audio;

/** Check sums of sound files, highest bit first. */
final class Crc {
  private static final int[] OGG = oggTable();

  private Crc() {}

  /** Polynomial 0x8005: FLAC's frames (from 0), MP3's (from 0xffff). */
  static int of16(byte[] bytes, int from, int to, int before) {
    int crc = before;
    for (int i = from; i < to; i++) {
      crc ^= (bytes[i] & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? 0x8005 : 0)) & 0xffff;
      }
    }
    return crc;
  }

  /** Polynomial 0x04c11db7: Ogg's pages. */
  static int of32(byte[] bytes, int from, int to, int before) {
    int crc = before;
    for (int i = from; i < to; i++) {
      crc = crc << 8 ^ OGG[(crc >>> 24 ^ bytes[i]) & 0xff];
    }
    return crc;
  }

  private static int[] oggTable() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
      }
      table[i] = crc;
    }
    return table;
  }
}
