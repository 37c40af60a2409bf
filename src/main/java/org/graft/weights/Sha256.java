package org.graft.weights;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.graft.common.Digest;
import org.graft.common.UserError;

/** Files held against a SHA-256, or against as many leading digits as their publisher gives. */
public final class Sha256 {
  private static final int FEWEST_DIGITS = 8;
  private static final int ALL_DIGITS = 64;

  private Sha256() {}

  static boolean isPrefix(String sha256) {
    return sha256.length() >= FEWEST_DIGITS
        && sha256.length() <= ALL_DIGITS
        && sha256.matches("[0-9a-fA-F]+");
  }

  public static String of(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return Digest.of(in);
    }
  }

  /** Whether {@code digest} is, or begins with, {@code expected}; anything does with null. */
  public static boolean matches(String expected, String digest) {
    return expected == null || digest.startsWith(expected.toLowerCase(Locale.ROOT));
  }

  /**
   * A file that the user gave.
   *
   * @param expected in hex, or its leading digits; null if unknown
   * @return the file's digest
   * @throws UserError if the file is missing or has another digest
   */
  public static String verify(Path file, String expected) throws IOException {
    if (expected != null && !isPrefix(expected)) {
      throw new UserError(
          "Cannot check %s: '%s' is no SHA-256. Give 8 to 64 hexadecimal digits."
              .formatted(file, expected));
    }
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "Cannot read weights from %s: there is no such file. Correct backbone.weights."
              .formatted(file));
    }
    String digest = of(file);
    if (!matches(expected, digest)) {
      throw new UserError(
          "Cannot use the weights in %s: %s. Fetch them again, or correct the sha256."
              .formatted(file, mismatch(expected, digest)));
    }
    return digest;
  }

  static String mismatch(String expected, String got) {
    return "the SHA-256 is wrong (got %s, expected %s)".formatted(got, expected);
  }
}
