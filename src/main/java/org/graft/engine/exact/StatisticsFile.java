package org.graft.engine.exact;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.graft.common.UserError;

/**
 * Statistics on disk, big-endian: {@code GRAFTSUM}, version, width and targets as ints, the shift,
 * every chunk as doubles, then the SHA-256 of all that. Nothing in it is code; what it claims is
 * bounded before memory is taken, and the digest is compared before a number is used.
 */
public final class StatisticsFile {
  /** Of the file beside a head. */
  public static final String NAME = "statistics.bin";

  private static final byte[] MAGIC = "GRAFTSUM".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;

  /** Of features, and of targets; twice the widths that exact heads are made for. */
  private static final int MOST = 16_384;

  private StatisticsFile() {}

  public static void write(ExactStatistics statistics, OutputStream to) throws IOException {
    DigestOutputStream digested = new DigestOutputStream(to, sha256());
    DataOutputStream out = new DataOutputStream(digested);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(statistics.width());
    out.writeInt(statistics.targets());
    write(out, statistics.shift());
    for (double[] chunk : statistics.chunks()) {
      write(out, chunk);
    }
    out.flush();
    to.write(digested.getMessageDigest().digest());
    to.flush();
  }

  /**
   * @param what names the file in errors
   * @throws UserError if it is no such file, of another version, or damaged
   */
  public static ExactStatistics read(InputStream from, String what) throws IOException {
    DigestInputStream digested = new DigestInputStream(from, sha256());
    DataInputStream in = new DataInputStream(digested);
    byte[] head = in.readNBytes(MAGIC.length + 3 * Integer.BYTES);
    require(
        head.length == MAGIC.length + 3 * Integer.BYTES
            && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        what,
        "it is no file of statistics");
    ByteBuffer numbers = ByteBuffer.wrap(head, MAGIC.length, 3 * Integer.BYTES);
    int version = numbers.getInt();
    int width = numbers.getInt();
    int targets = numbers.getInt();
    require(version == VERSION, what, "its version is %d, known is %d".formatted(version, VERSION));
    require(
        width > 0 && width <= MOST && targets > 0 && targets <= MOST,
        what,
        "%d features and %d targets (limit %d)".formatted(width, targets, MOST));
    double[] shift = read(in, width, what);
    double[][] chunks = new double[ExactStatistics.chunks(width, targets)][];
    for (int k = 0; k < chunks.length; k++) {
      chunks[k] = read(in, ExactStatistics.chunkLength(width, targets, k), what);
    }
    byte[] digest = digested.getMessageDigest().digest();
    require(Arrays.equals(digest, from.readNBytes(digest.length)), what, "it is damaged");
    require(from.read() < 0, what, "it goes on after its end");
    return ExactStatistics.of(targets, shift, chunks);
  }

  private static void require(boolean holds, String what, String why) {
    if (!holds) {
      throw new UserError(
          "Cannot read %s: %s. Train the head again in a new workspace.".formatted(what, why));
    }
  }

  private static void write(DataOutputStream out, double[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Double.BYTES, values.length));
    bytes.asDoubleBuffer().put(values);
    out.write(bytes.array());
  }

  /** Grows with what is really there. */
  private static double[] read(DataInputStream in, int length, String what) throws IOException {
    byte[] bytes = in.readNBytes(Math.multiplyExact(Double.BYTES, length));
    require(bytes.length == length * Double.BYTES, what, "it ends too early");
    double[] values = new double[length];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
