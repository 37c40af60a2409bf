package org.graft.common;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A file of text that travels inside JSON: compressed by gzip, then in Base64. */
public final class PackedText {
  private PackedText() {}

  public static String pack(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory: cannot be
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  /**
   * @param most bytes
   * @param what names the text in errors
   * @throws UserError if it is damaged, or larger
   */
  public static byte[] unpack(String packed, int most, String what) {
    try (InputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new UserError(
            "Cannot read %s: it is larger than %d bytes when unpacked. Use the one it was made with."
                .formatted(what, most));
      }
      return bytes;
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "Cannot read %s: it is damaged (%s). Make it again.".formatted(what, e.getMessage()), e);
    }
  }
}
