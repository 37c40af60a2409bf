package org.graft.audio;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * The four bytes before a frame of MPEG audio, layer III (ISO 11172-3, 2.4.1.3; 13818-3).
 *
 * @param mpeg1 else MPEG-2 or 2.5: half the granules, other scale factors
 * @param rateIndex 0 to 7, which tables of bands are meant
 * @param middleSide whether channels are sum and difference
 * @param intensity whether the upper bands of the right channel are the left one's, weighted
 * @param guarded whether a check sum follows
 * @param bytes of the whole frame, this header among them
 */
record Mp3Header(
    boolean mpeg1,
    int sampleRate,
    int rateIndex,
    int channels,
    boolean middleSide,
    boolean intensity,
    boolean guarded,
    int bytes) {
  static final int LENGTH = 4;

  private static final int LAYER_3 = 1;
  private static final int MPEG_1 = 3;
  private static final int MPEG_2 = 2;
  private static final int RESERVED = 1;
  private static final int MONO = 3;
  private static final int JOINT = 1;
  private static final int[] RATES = {44_100, 48_000, 32_000};
  private static final int[] KBPS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBPS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  static Mp3Header read(byte[] content, int at) throws RejectedException {
    int bits = 0;
    for (int i = 0; i < LENGTH; i++) {
      bits = bits << 8 | (content[at + i] & 0xff);
    }
    int version = bits >> 19 & 3;
    int rate = bits >> 10 & 3;
    int bitRate = bits >> 12 & 15;
    if (bits >>> 21 != 0x7ff || version == RESERVED || rate == 3 || bitRate == 15) {
      throw broken("byte " + at + " begins no frame");
    }
    if ((bits >> 17 & 3) != LAYER_3 || bitRate == 0) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "MP3 holds %s: not decoded here"
              .formatted(bitRate == 0 ? "frames of free format" : "another layer than III"));
    }
    return of(bits, version, rate, bitRate);
  }

  private static Mp3Header of(int bits, int version, int rate, int bitRate) {
    boolean mpeg1 = version == MPEG_1;
    int sampleRate = RATES[rate] >> (mpeg1 ? 0 : version == MPEG_2 ? 1 : 2);
    int kbps = (mpeg1 ? KBPS_1 : KBPS_2)[bitRate];
    int mode = bits >> 6 & 3;
    return new Mp3Header(
        mpeg1,
        sampleRate,
        Math.max(0, rate - 1 + (mpeg1 ? 6 : version == MPEG_2 ? 3 : 0)),
        mode == MONO ? 1 : 2,
        mode == JOINT && (bits >> 5 & 1) == 1,
        mode == JOINT && (bits >> 4 & 1) == 1,
        (bits >> 16 & 1) == 0,
        (mpeg1 ? 144_000 : 72_000) * kbps / sampleRate + (bits >> 9 & 1));
  }

  int granules() {
    return mpeg1 ? 2 : 1;
  }

  /** Samples a channel. */
  int samples() {
    return granules() * Mp3Bands.LINES;
  }

  /** Bytes of the description between this header (or its check sum) and the frame's data. */
  int sideBytes() {
    return mpeg1 ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17);
  }

  /** Where the description begins, from the frame's first byte on. */
  int sideStart() {
    return LENGTH + (guarded ? 2 : 0);
  }

  /** Whether a frame may follow one of that kind. */
  boolean goesOnAs(Mp3Header first) {
    return mpeg1 == first.mpeg1 && sampleRate == first.sampleRate && channels == first.channels;
  }

  static RejectedException broken(String why) {
    return new RejectedException(Reason.CORRUPT, "MP3 is damaged: " + why);
  }
}
