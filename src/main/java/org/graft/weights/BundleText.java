package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A single string in a tensor bundle: its length, the masked checksum of that, its bytes. Source:
 * {@code tensor_bundle.cc}, {@code WriteStringTensor}.
 */
final class BundleText {
  /** The object graph of a network has some hundred bytes a variable. */
  private static final long LONGEST = 64 << 20;

  private BundleText() {}

  static ByteBuffer read(TensorFile file, TensorFile data, BundleEntry entry) throws IOException {
    if (entry.bytes() > LONGEST || !data.holds(entry.offset(), entry.bytes())) {
      throw file.damaged("its object graph has %d bytes (limit: %d)", entry.bytes(), LONGEST);
    }
    ByteBuffer bytes = data.bytes(entry.offset(), (int) entry.bytes());
    long length = file.varint(bytes);
    if (length < 0 || length > 0xffffffffL || length + Integer.BYTES != bytes.remaining()) {
      throw file.damaged("its object graph is no string of %d bytes", entry.bytes());
    }
    ByteBuffer fixed = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Crc32c crc = new Crc32c().add(fixed.putInt(0, (int) length));
    if (crc.add(bytes).masked() != entry.crc()) { // of the length's checksum and the text
      throw file.damaged("the checksum of its object graph is wrong");
    }
    return bytes.position(bytes.position() + Integer.BYTES).slice();
  }
}
