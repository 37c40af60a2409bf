package org.graft.image;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Bytes for ImageIO without a cache; it remembers whether a reader asked for more than there is.
 */
final class ByteArrayImageStream extends ImageInputStreamImpl {
  private final byte[] bytes;
  private boolean ranOut;

  ByteArrayImageStream(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean ranOut() {
    return ranOut;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      ranOut = true;
      return -1;
    }
    return bytes[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      ranOut = true;
      return -1;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    System.arraycopy(bytes, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
