package org.graft.weights;

import java.util.List;
import org.graft.common.Checks;

/**
 * A published weight file.
 *
 * @param file the name under which the cache keeps it
 * @param locations tried in turn: {@code https://…}, {@code http://…}, {@code file:///…}, {@code
 *     classpath:/…}
 * @param sha256 of the file, in hex, or its leading digits (at least eight); null if unknown
 * @param bytes the file's size; null if unknown
 */
public record WeightSource(String file, List<String> locations, String sha256, Long bytes) {
  public WeightSource {
    Checks.argument(file.matches("[A-Za-z0-9_][A-Za-z0-9._+-]*"), "not a file name: %s", file);
    Checks.argument(sha256 == null || Sha256.isPrefix(sha256), "not a SHA-256: %s", sha256);
    locations = List.copyOf(locations);
  }
}
