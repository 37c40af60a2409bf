package org.graft.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * The {@code fmt } chunk of a wave file.
 *
 * @param bytes those that a sample of a channel takes; integers fill the upper bits
 */
record WavFormat(boolean floats, int channels, int sampleRate, int bytes) {
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xfffe;
  private static final int PLAIN_SIZE = 16;
  private static final int EXTENSIBLE_SIZE = 40;

  static WavFormat read(ByteBuffer chunk) throws RejectedException {
    chunk.order(ByteOrder.LITTLE_ENDIAN);
    if (chunk.remaining() < PLAIN_SIZE) {
      throw corrupt("its format takes %d bytes, of at least %d", chunk.remaining(), PLAIN_SIZE);
    }
    int channels = chunk.getShort(2) & 0xffff;
    int rate = chunk.getInt(4);
    int frame = chunk.getShort(12) & 0xffff;
    int bits = chunk.getShort(14) & 0xffff;
    int kind = kind(chunk);
    if (channels == 0 || frame % channels != 0 || bits > 8 * (frame / channels)) {
      throw corrupt("%d channels of %d bits cannot take %d bytes together", channels, bits, frame);
    }
    int bytes = frame / channels;
    boolean known = kind == PCM ? bytes >= 1 && bytes <= 4 : bytes == 4 || bytes == 8;
    if (!known || bits <= 8 * (bytes - 1)) {
      throw unsupported(
          "samples of %d bits in %d bytes, %s", bits, bytes, kind == PCM ? "integers" : "floats");
    }
    return new WavFormat(kind == FLOAT, channels, rate, bytes);
  }

  private static int kind(ByteBuffer chunk) throws RejectedException {
    int kind = chunk.getShort(0) & 0xffff;
    if (kind == EXTENSIBLE && chunk.remaining() >= EXTENSIBLE_SIZE) {
      kind = chunk.getShort(24) & 0xffff; // the first bytes of the sub-format's GUID
    }
    if (kind != PCM && kind != FLOAT) {
      throw unsupported("coding 0x%x (only integers, 1, and floats, 3, are)", kind);
    }
    return kind;
  }

  /** The bytes of one moment, all channels. */
  int frameBytes() {
    return channels * bytes;
  }

  /** The mean of the channels. */
  float[] mono(ByteBuffer samples, int frames) {
    samples.order(ByteOrder.LITTLE_ENDIAN);
    float[] mono = new float[frames];
    for (int i = 0; i < frames; i++) {
      double sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += sample(samples, (i * channels + channel) * bytes);
      }
      mono[i] = (float) (sum / channels);
    }
    return mono;
  }

  private double sample(ByteBuffer samples, int at) {
    if (floats) {
      return bytes == 4 ? samples.getFloat(at) : samples.getDouble(at);
    }
    return switch (bytes) {
      case 1 -> ((samples.get(at) & 0xff) - 128) / 128.0;
      case 2 -> samples.getShort(at) / 32_768.0;
      case 3 -> ((samples.get(at + 2) << 16) | (samples.getShort(at) & 0xffff)) / 8_388_608.0;
      default -> samples.getInt(at) / 2_147_483_648.0;
    };
  }

  private static RejectedException corrupt(String why, Object... args) {
    return new RejectedException(Reason.CORRUPT, "WAV has a broken header: " + why.formatted(args));
  }

  private static RejectedException unsupported(String what, Object... args) {
    return new RejectedException(
        Reason.UNSUPPORTED, "WAV holds " + what.formatted(args) + ": not decoded here");
  }
}
