package org.graft.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.UserError;

/**
 * The one block of a PEM file. Errors name the file and say what was wrong with it, and never what
 * is in it.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyFile(Path file, String kind, byte[] der) {
  private static final int MOST_BYTES = 1 << 16;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  static KeyFile read(String path) {
    Path file = Path.of(path);
    Matcher block = BLOCK.matcher(text(file));
    if (!block.find()) {
      throw unusable(file, "it is no PEM file (no -----BEGIN ...-----)", null);
    }
    try {
      return new KeyFile(file, block.group(1), Base64.getMimeDecoder().decode(block.group(2)));
    } catch (IllegalArgumentException e) {
      throw unusable(file, "its block is no base64", null);
    }
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw unusable(file, "it has more than %d bytes".formatted(MOST_BYTES), null);
      }
      return new String(bytes, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw unusable(file, "it cannot be read (%s)".formatted(e), e);
    }
  }

  /** Of another kind than it should be, or of another algorithm. */
  UserError unusable(String wanted) {
    return unusable(file, "it holds '%s' (expected %s)".formatted(kind, wanted), null);
  }

  private static UserError unusable(Path file, String why, Throwable cause) {
    return new UserError(
        "Cannot use the key in %s: %s. Make one with 'openssl genpkey -algorithm ed25519', and its public one with 'openssl pkey -pubout'."
            .formatted(file, why),
        cause);
  }
}
