package org.graft.audio;

import java.nio.charset.StandardCharsets;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/** Kinds of sound files, told apart by their first bytes; names and endings are not asked. */
public enum SoundFormat {
  WAV,
  FLAC,
  MP3,
  OGG,
  /** Wave files beyond 4 GiB: RF64, BW64. */
  RF64,
  AIFF,
  /** MP4, M4A. */
  MP4,
  UNKNOWN;

  /** The kind of a file; MP3 also where tags come before the sound. */
  public static SoundFormat of(byte[] content) {
    String head = new String(content, 0, Math.min(12, content.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("RIFF") && head.endsWith("WAVE")) {
      return WAV;
    }
    if (head.startsWith("RF64") || head.startsWith("BW64")) {
      return RF64;
    }
    if (head.startsWith("fLaC")) {
      return FLAC;
    }
    if (head.startsWith("OggS")) {
      return OGG;
    }
    if (head.startsWith("FORM") && head.contains("AIF")) {
      return AIFF;
    }
    if (head.startsWith("ftyp", 4)) {
      return MP4;
    }
    return isMp3(head) ? MP3 : UNKNOWN;
  }

  /** An ID3 tag, or eleven set bits and a layer. */
  private static boolean isMp3(String head) {
    return head.startsWith("ID3")
        || (head.length() > 3
            && head.charAt(0) == 0xff
            && (head.charAt(1) & 0xe0) == 0xe0
            && (head.charAt(1) & 0x06) != 0);
  }

  /** EMPTY, or UNSUPPORTED saying what the file is. */
  RejectedException refusal(byte[] content) {
    if (content.length == 0) {
      return new RejectedException(Reason.EMPTY, "the file is empty");
    }
    return new RejectedException(
        Reason.UNSUPPORTED,
        this == UNKNOWN
            ? "not a sound file that is known here: convert it to WAV or FLAC"
            : "the file is "
                + this
                + " inside, which is not decoded here: convert it to WAV or FLAC");
  }
}
