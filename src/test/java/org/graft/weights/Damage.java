package org.graft.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** One way to damage a file; equal seeds give equal damage. */
public final class Damage {
  private static final long[] ABSURD = {
    0,
    1,
    2,
    7,
    255,
    65536,
    1 << 24,
    1 << 30,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -8
  };
  private static final String[] TEXTS = {
    "-1",
    "null",
    "1e999",
    "0.5",
    "1099511627776",
    "99999999999999999999",
    "[]",
    "{}",
    "\"../x\"",
    "2147483648",
    "\"\"",
    "true"
  };
  private static final int LONGEST_RUN = 64;

  private final SplittableRandom random;

  public Damage(SplittableRandom random) {
    this.random = random;
  }

  /** A damaged copy. */
  public byte[] of(byte[] sound) {
    byte[] damaged = sound.clone();
    for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
      damaged = once(damaged);
    }
    return damaged;
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(12)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt(256);
      case 3 -> Arrays.fill(bytes, at, Math.min(at + 8, bytes.length), (byte) 0xff);
      case 4 -> Arrays.fill(bytes, at, Math.min(at + 4, bytes.length), (byte) 0);
      case 5 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 6 -> copyRun(bytes, at);
      case 7 -> {
        return replace(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + run(bytes, at)));
      }
      case 8 -> {
        return replace(bytes, at, run(bytes, at), new byte[0]);
      }
      case 9 -> number(bytes, at);
      case 10 -> varint(bytes, at);
      default -> {
        return text(bytes, at);
      }
    }
    return bytes;
  }

  private int run(byte[] bytes, int at) {
    return Math.min(1 + random.nextInt(LONGEST_RUN), bytes.length - at);
  }

  private void copyRun(byte[] bytes, int at) {
    int from = random.nextInt(bytes.length);
    System.arraycopy(bytes, from, bytes, at, Math.min(run(bytes, from), bytes.length - at));
  }

  private long absurd(byte[] bytes) {
    return random.nextInt(8) == 0
        ? bytes.length + random.nextInt(3) - 1
        : ABSURD[random.nextInt(ABSURD.length)];
  }

  private void number(byte[] bytes, int at) {
    int length = random.nextBoolean() ? Integer.BYTES : Long.BYTES;
    byte[] number =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(absurd(bytes))
            .array();
    System.arraycopy(number, 0, bytes, at, Math.min(length, bytes.length - at));
  }

  private void varint(byte[] bytes, int at) {
    long left = absurd(bytes);
    for (int i = at; i < bytes.length; i++, left >>>= 7) {
      bytes[i] = (byte) (left >>> 7 == 0 ? left : (left & 0x7f) | 0x80);
      if (left >>> 7 == 0) {
        return;
      }
    }
  }

  /** Where numbers are text: another for the next one. */
  private byte[] text(byte[] bytes, int at) {
    int start = at;
    while (start < bytes.length && !isDigit(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < bytes.length && isDigit(bytes[end])) {
      end++;
    }
    String other = TEXTS[random.nextInt(TEXTS.length)];
    return replace(bytes, start, end - start, other.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  private static byte[] replace(byte[] bytes, int at, int length, byte[] other) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(other);
    out.write(bytes, at + length, bytes.length - at - length);
    return out.toByteArray();
  }
}
