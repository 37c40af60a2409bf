package org.graft.head;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.graft.common.Digest;

/**
 * The bytes of one checkpoint: magic, format version, what it belongs to, its number, the state,
 * and the SHA-256 of all that.
 *
 * @param owner fingerprint of the training and version of the program: both must be the reader's
 * @param number of checkpoints of this training before it
 * @param state for whoever trains
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CheckpointFile(String owner, long number, byte[] state) {
  static final int VERSION = 2;
  private static final int MAGIC = 0x47524350; // GRCP
  private static final int SHA256 = 32;

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(owner);
      out.writeLong(number);
      out.writeInt(state.length);
      out.write(state);
      out.write(new Digest().add(bytes.toByteArray()).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException("to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException saying what is wrong with it
   */
  static CheckpointFile of(byte[] bytes) throws IOException {
    int end = bytes.length - SHA256;
    if (end < 0) {
      throw new IOException("it has only %d bytes".formatted(bytes.length));
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end))) {
      if (in.readInt() != MAGIC) {
        throw new IOException("it is no checkpoint");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException("its format is %d, not %d".formatted(version, VERSION));
      }
      byte[] digest = new Digest().add(Arrays.copyOf(bytes, end)).bytes();
      if (!MessageDigest.isEqual(digest, Arrays.copyOfRange(bytes, end, bytes.length))) {
        throw new IOException("its digest does not agree with it");
      }
      CheckpointFile file =
          new CheckpointFile(in.readUTF(), in.readLong(), in.readNBytes(in.readInt()));
      if (in.available() > 0) {
        throw new IOException("bytes follow its end");
      }
      return file;
    }
  }
}
