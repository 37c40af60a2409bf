package org.graft.image;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.graft.sample.RejectedException;

/** The IDAT chunks, inflated as one stream and only as far as somebody reads. */
final class PngData {
  private final Queue<ByteBuffer> chunks = new ArrayDeque<>();

  void add(ByteBuffer chunk) {
    chunks.add(chunk);
  }

  /** Fills {@code row} up to {@code length}. */
  void readFully(Inflater inflater, byte[] row, int length) throws RejectedException {
    int filled = 0;
    while (filled < length) {
      if (inflater.needsInput()) {
        ByteBuffer next = chunks.poll();
        PngReader.require(next != null, "has fewer rows than it declares");
        inflater.setInput(next);
      }
      filled += inflate(inflater, row, filled, length - filled);
      boolean stuck = inflater.finished() || inflater.needsDictionary();
      PngReader.require(filled == length || !stuck, "has fewer rows than it declares");
    }
  }

  private static int inflate(Inflater inflater, byte[] row, int offset, int length)
      throws RejectedException {
    try {
      return inflater.inflate(row, offset, length);
    } catch (DataFormatException e) {
      PngReader.require(false, "has damaged data: " + e.getMessage());
      return 0;
    }
  }
}
