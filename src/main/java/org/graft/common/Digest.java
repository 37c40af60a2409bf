package org.graft.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, fed bit by bit; {@link #hex()} ends it. */
public final class Digest {
  private final MessageDigest sha256;

  public Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public static String of(byte[] bytes) {
    return new Digest().add(bytes).hex();
  }

  public static String of(String text) {
    return new Digest().add(text).hex();
  }

  /** Reads {@code in} to its end; the caller closes it. */
  public static String of(InputStream in) throws IOException {
    Digest digest = new Digest();
    in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest.sha256));
    return digest.hex();
  }

  public Digest add(byte[] bytes) {
    sha256.update(bytes);
    return this;
  }

  /** Adds the UTF-8 bytes and a terminating zero, so that ("ab", "c") differs from ("a", "bc"). */
  public Digest add(String text) {
    sha256.update(text.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) 0);
    return this;
  }

  /** Adds the values as little-endian IEEE 754. */
  public Digest add(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * values.length);
    buffer.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    sha256.update(buffer);
    return this;
  }

  public Digest add(long value) {
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    return this;
  }

  public byte[] bytes() {
    return sha256.digest();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}
