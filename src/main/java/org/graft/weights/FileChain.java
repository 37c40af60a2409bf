package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Files that are one run of bytes, cut anywhere. */
record FileChain(List<TensorFile> files) implements ByteRun {
  @Override
  public long size() {
    return files.stream().mapToLong(TensorFile::size).sum();
  }

  @Override
  public ByteBuffer read(long offset, ByteBuffer into) throws IOException {
    int start = into.position();
    int end = into.limit();
    long skip = offset;
    for (TensorFile file : files) {
      if (skip < file.size() && into.position() < end) {
        int from = into.position();
        int now = (int) Math.min(end - from, file.size() - skip);
        file.read(skip, into.limit(from + now));
        into.limit(end).position(from + now);
        skip = 0;
      } else {
        skip = Math.max(0, skip - file.size());
      }
    }
    return into.position(start).order(ByteOrder.LITTLE_ENDIAN);
  }
}
