package org.graft.weights;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;

/** A file that is unpacked as it is read; stops a bomb, wherever its zeros are. */
final class GrowthLimit extends FilterInputStream {
  private static final int CHUNK = 1 << 16;
  private static final long ALWAYS_ALLOWED = 1 << 20;

  /** Trained weights hardly shrink at all; a bomb grows a thousandfold. */
  private static final long MOST_GROWTH = 100;

  private final TensorFile file;
  private final long limit;
  private long done;

  private GrowthLimit(InputStream in, TensorFile file) {
    super(in);
    this.file = file;
    this.limit = Math.max(ALWAYS_ALLOWED, MOST_GROWTH * file.size());
  }

  /** The file's contents, unpacked where gzip packed it. */
  static InputStream open(TensorFile file) throws IOException {
    InputStream in = Files.newInputStream(file.path());
    try {
      return isGzip(file) ? new GrowthLimit(new GZIPInputStream(in), file) : in;
    } catch (RuntimeException | IOException e) {
      in.close();
      throw e;
    }
  }

  static boolean isGzip(TensorFile file) throws IOException {
    return file.size() >= 2 && file.bytes(0, 2).getShort() == (short) GZIPInputStream.GZIP_MAGIC;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int now = super.read(into, offset, length);
    done += Math.max(0, now);
    if (done > limit) {
      throw file.damaged(
          "it would grow from %d to more than %d bytes (limit: %d-fold)",
          file.size(), limit, MOST_GROWTH);
    }
    return now;
  }

  @Override
  public long skip(long count) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(count, CHUNK)]));
  }
}
