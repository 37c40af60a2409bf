package org.graft.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * How characters lie in bytes: UTF-8, or what a byte order mark says. Nothing is guessed: the wrong
 * letters would become wrong features in silence.
 */
final class TextEncoding {
  private static final Map<String, Charset> MARKS = new LinkedHashMap<>();
  private static final Map<String, String> SIGNATURES = new LinkedHashMap<>();

  static {
    MARKS.put("efbbbf", StandardCharsets.UTF_8);
    MARKS.put("fffe0000", Charset.forName("UTF-32LE")); // before UTF-16LE's, which it begins with
    MARKS.put("0000feff", Charset.forName("UTF-32BE"));
    MARKS.put("fffe", StandardCharsets.UTF_16LE);
    MARKS.put("feff", StandardCharsets.UTF_16BE);
    SIGNATURES.put("89504e47", "a PNG picture");
    SIGNATURES.put("ffd8ff", "a JPEG picture");
    SIGNATURES.put("47494638", "a GIF picture");
    SIGNATURES.put("25504446", "a PDF document");
    SIGNATURES.put("504b0304", "a zip archive, or a document of an office program");
    SIGNATURES.put("1f8b", "a gzip archive");
    SIGNATURES.put("52494646", "a RIFF file (WAV, WebP)");
    SIGNATURES.put("4f676753", "an Ogg recording");
    SIGNATURES.put("664c6143", "a FLAC recording");
  }

  private TextEncoding() {}

  static String decode(byte[] bytes) throws RejectedException {
    for (Map.Entry<String, String> known : SIGNATURES.entrySet()) {
      if (beginsWith(bytes, known.getKey())) {
        throw new RejectedException(Reason.UNSUPPORTED, "it is no text, but " + known.getValue());
      }
    }
    for (Map.Entry<String, Charset> mark : MARKS.entrySet()) {
      if (beginsWith(bytes, mark.getKey())) {
        return decode(bytes, mark.getKey().length() / 2, mark.getValue());
      }
    }
    return utf8(bytes);
  }

  /** Where a mark would be a character of the text. */
  static String utf8(byte[] bytes) throws RejectedException {
    return decode(bytes, 0, StandardCharsets.UTF_8);
  }

  private static boolean beginsWith(byte[] bytes, String hex) {
    byte[] mark = HexFormat.of().parseHex(hex);
    return bytes.length >= mark.length
        && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }

  private static String decode(byte[] bytes, int from, Charset charset) throws RejectedException {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
    CharBuffer out = CharBuffer.allocate(bytes.length - from + 1);
    CoderResult result = decoder.decode(in, out, true);
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "it is not %s: byte %d is 0x%02x; convert it to UTF-8"
              .formatted(charset, in.position(), bytes[in.position()] & 0xff),
          e);
    }
    return out.flip().toString();
  }
}
