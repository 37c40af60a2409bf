package org.graft.spark;

import java.io.IOException;
import java.io.InputStream;
import org.graft.common.Storage;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** The bytes of one source row, within limits. */
final class SampleBytes {
  private SampleBytes() {}

  /**
   * @param path a file, where {@code here} is null
   * @param here the bytes, where the row has them
   * @param maxBytes most bytes of a sample
   */
  static byte[] read(Storage storage, String path, byte[] here, long maxBytes)
      throws RejectedException {
    byte[] bytes = here != null ? here : file(storage, path, maxBytes);
    if (bytes.length > maxBytes) {
      throw new RejectedException(
          Reason.TOO_LARGE, "it has more than %d bytes (limits.bytes)".formatted(maxBytes));
    }
    if (bytes.length == 0) {
      throw new RejectedException(Reason.EMPTY, "it has 0 bytes");
    }
    return bytes;
  }

  private static byte[] file(Storage storage, String path, long maxBytes) throws RejectedException {
    if (path.startsWith(InnerPaths.OUTSIDE)) {
      throw new RejectedException(
          Reason.UNREADABLE, "its path leads out of the source's folder: use paths inside it");
    }
    if (path.isEmpty()) {
      throw new RejectedException(Reason.UNREADABLE, "its row has no path");
    }
    try (InputStream in = storage.open(path)) {
      return in.readNBytes((int) maxBytes + 1);
    } catch (IOException e) {
      throw new RejectedException(Reason.UNREADABLE, e.getMessage(), e);
    }
  }
}
