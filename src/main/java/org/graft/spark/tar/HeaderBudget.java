package org.graft.spark.tar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A shard's bytes with their position, of which only so many may be read before more are allowed: a
 * header that claims a name of 8 GB is refused before it fills the memory. Skipping costs nothing.
 */
final class HeaderBudget extends FilterInputStream {
  private long position;
  private long budget;
  private int magic;
  private IOException failure;

  HeaderBudget(InputStream in) {
    super(in);
  }

  long position() {
    return position;
  }

  /** Whether it begins as gzip's files do, whatever its name. */
  boolean isGzip() {
    return magic == 0x1f8b;
  }

  void allow(long bytes) {
    budget = bytes;
  }

  /** What the storage itself failed with, or null: then the shard is what is wrong. */
  IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length > budget) {
      throw new IOException("its header is too long");
    }
    try {
      int count = in.read(bytes, offset, length);
      if (position == 0 && count > 1) {
        magic = (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
      }
      position += Math.max(0, count);
      budget -= Math.max(0, count);
      return count;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public long skip(long count) throws IOException {
    try {
      long skipped = in.skip(count);
      position += skipped;
      return skipped;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
