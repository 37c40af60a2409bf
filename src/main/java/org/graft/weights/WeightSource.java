package org.graft.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.graft.common.Checks;

/**
 * A published weight file, and how to know it. A publisher that gives no SHA-256 may give an MD5,
 * which tells a broken download but not a forged one.
 *
 * @param file the name under which the cache keeps it
 * @param locations tried in turn: {@code https://…}, {@code http://…}, {@code file:///…}, {@code
 *     classpath:/…}, {@code jar:https://…!/entry}
 * @param sha256 of the file, in hex, or its leading digits (at least eight); null if unknown
 * @param md5 of the file, in hex; null if unknown
 * @param bytes the file's size; null if unknown
 */
public record WeightSource(
    String file, List<String> locations, String sha256, String md5, Long bytes) {
  public WeightSource {
    Checks.argument(file.matches("[A-Za-z0-9_][A-Za-z0-9._+@-]*"), "not a file name: %s", file);
    Checks.argument(sha256 == null || Sha256.isPrefix(sha256), "not a SHA-256: %s", sha256);
    Checks.argument(md5 == null || md5.matches("[0-9a-fA-F]{32}"), "not an MD5: %s", md5);
    locations = List.copyOf(locations);
  }

  public WeightSource(String file, List<String> locations, String sha256, Long bytes) {
    this(file, locations, sha256, null, bytes);
  }

  /** Whether anything tells this file from another one. */
  boolean hasDigest() {
    return sha256 != null || md5 != null;
  }

  /** The same with another SHA-256, where there is one. */
  public WeightSource withSha256(String other) {
    return other == null ? this : new WeightSource(file, locations, other, md5, bytes);
  }

  /** What tells that {@code copy} is not this file; null if nothing does. */
  String mismatch(Path copy) throws IOException {
    if (bytes != null && Files.size(copy) != bytes) {
      return "it has %d bytes, expected %d".formatted(Files.size(copy), bytes);
    }
    if (sha256 != null) {
      String digest = Sha256.of(copy);
      return Sha256.matches(sha256, digest) ? null : Sha256.mismatch(sha256, digest);
    }
    if (md5 != null) {
      String digest = Md5.of(copy);
      boolean equal = digest.equals(md5.toLowerCase(Locale.ROOT));
      return equal ? null : "the MD5 is wrong (got %s, expected %s)".formatted(digest, md5);
    }
    return null;
  }
}
