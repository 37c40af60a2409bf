package org.graft.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.graft.bundle.BundleManifest.Entry;
import org.graft.common.Digest;
import org.graft.common.UserError;

/** Copies a file of a bundle and compares it with what its entry says. */
record CheckedCopy(String folder, Entry entry) {

  /** What went by. */
  record Seen(long bytes, String sha256) {}

  void copy(InputStream in, OutputStream out) throws IOException {
    check(copied(in, out));
  }

  static Seen copied(InputStream in, OutputStream out) throws IOException {
    Digest digest = new Digest();
    byte[] buffer = new byte[1 << 16];
    long length = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.add(n == buffer.length ? buffer : Arrays.copyOf(buffer, n));
      out.write(buffer, 0, n);
      length += n;
    }
    return new Seen(length, digest.hex());
  }

  void check(Seen seen) {
    if (seen.bytes() != entry.bytes() || !seen.sha256().equals(entry.sha256())) {
      throw new UserError(
          "Cannot use %s/%s: it was cut short or changed (got %d bytes, SHA-256 %s; expected %d bytes, SHA-256 %s). Restore it, or publish the model again."
              .formatted(
                  folder,
                  entry.name(),
                  seen.bytes(),
                  seen.sha256(),
                  entry.bytes(),
                  entry.sha256()));
    }
  }
}
