package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C as LevelDB and TensorFlow store it: rotated and shifted, so as not to sum itself. */
final class Crc32c {
  private static final int SHIFT = 0xa282ead8;

  private final CRC32C crc = new CRC32C();

  /** Adds what remains of {@code bytes}, whose position stays. */
  Crc32c add(ByteBuffer bytes) {
    crc.update(bytes.duplicate());
    return this;
  }

  int masked() {
    int value = (int) crc.getValue();
    return (value >>> 15 | value << 17) + SHIFT;
  }
}
