package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Frames of one stream, one after the other, to one channel of samples. What decoding keeps from a
 * frame to the next is here. Channels are averaged in the subbands, which is the same as later.
 */
final class Mp3Frames {
  /** Bytes that a frame may take from those before it. */
  private static final int RESERVOIR = 511;

  private static final double[] POWERS = powers();
  private static final double[] QUARTERS = {
    1, StrictMath.pow(2, 0.25), StrictMath.pow(2, 0.5), StrictMath.pow(2, 0.75)
  };
  private static final int[] PREAMPLIFICATION = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0
  };

  private final Mp3Hybrid[] hybrids = {new Mp3Hybrid(), new Mp3Hybrid()};
  private final Mp3Synthesis synthesis = new Mp3Synthesis();
  private final Mp3Scales[] scales = {new Mp3Scales(), new Mp3Scales()};
  private final double[][] lines = new double[2][Mp3Bands.LINES];
  private final int[] values = new int[Mp3Bands.LINES];
  private final double[] subbands = new double[Mp3Bands.LINES];
  private byte[] reservoir = new byte[0];

  private static double[] powers() {
    double[] powers = new double[15 + (1 << 13)];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = i * StrictMath.cbrt(i);
    }
    return powers;
  }

  /**
   * @param at where the frame begins; all of it is there
   * @param out receives {@link Mp3Header#samples}
   */
  void decode(byte[] content, int at, Mp3Header header, float[] out, int to)
      throws RejectedException {
    int sideAt = at + header.sideStart();
    int dataAt = sideAt + header.sideBytes();
    if (dataAt > at + header.bytes()) {
      throw Mp3Header.broken("a frame of " + header.bytes() + " bytes");
    }
    Mp3Bits side = new Mp3Bits(Arrays.copyOfRange(content, sideAt, dataAt));
    int before = side.read(header.mpeg1() ? 9 : 8);
    if (before > reservoir.length) {
      throw new RejectedException(
          Reason.TRUNCATED,
          "MP3 is not whole: the frame at byte %d needs %d bytes before it, %d are there"
              .formatted(at, before, reservoir.length));
    }
    byte[] all = joined(content, dataAt, at + header.bytes());
    Mp3Bits data = new Mp3Bits(all);
    data.position(8 * (reservoir.length - before));
    granules(header, side, data, out, to);
    reservoir = Arrays.copyOfRange(all, Math.max(0, all.length - RESERVOIR), all.length);
  }

  private byte[] joined(byte[] content, int from, int to) {
    byte[] all = Arrays.copyOf(reservoir, reservoir.length + to - from);
    System.arraycopy(content, from, all, reservoir.length, to - from);
    return all;
  }

  private void granules(Mp3Header header, Mp3Bits side, Mp3Bits data, float[] out, int to)
      throws RejectedException {
    int channels = header.channels();
    side.skip(header.mpeg1() ? (channels == 1 ? 5 : 3) : channels); // private bits
    int shared = header.mpeg1() ? side.read(4 * channels) : 0;
    for (int i = 0; i < header.granules(); i++) {
      Mp3Granule[] granules = new Mp3Granule[channels];
      for (int channel = 0; channel < channels; channel++) {
        granules[channel] = Mp3Granule.read(side, header);
      }
      granule(header, granules, i == 0 ? 0 : shared, data);
      for (int moment = 0; moment < Mp3Hybrid.MOMENTS; moment++) {
        int from = moment * Mp3Hybrid.SUBBANDS;
        synthesis.samples(subbands, from, 1.0 / channels, out, to + i * Mp3Bands.LINES + from);
      }
    }
  }

  private void granule(Mp3Header header, Mp3Granule[] granules, int shared, Mp3Bits data)
      throws RejectedException {
    int channels = granules.length;
    for (int channel = 0; channel < channels; channel++) {
      Mp3Granule granule = granules[channel];
      int end = data.position() + granule.bits();
      if (end > data.length()) {
        throw Mp3Header.broken("a granule reaches over its frame");
      }
      int own = shared >> (4 * (channels - 1 - channel)) & 15;
      boolean right = channel == 1 && header.intensity();
      scales[channel].read(data, header, granule, own, right);
      new Mp3Huffman(data, end).read(granule, values);
      data.position(end);
      scale(header, granule, scales[channel], lines[channel]);
    }
    if (channels == 2) {
      new Mp3Stereo(header, lines[0], lines[1]).restore(granules[0], granules[1], scales[1]);
    }
    Arrays.fill(subbands, 0);
    for (int channel = 0; channel < channels; channel++) {
      hybrids[channel].add(granules[channel], lines[channel], subbands);
    }
  }

  /** {@code sign(x) |x|^(4/3) 2^(gain / 4)}. */
  private void scale(Mp3Header header, Mp3Granule granule, Mp3Scales factors, double[] out) {
    int[] widths = granule.bands().widths();
    int gain = granule.gain() - 210 - (header.middleSide() ? 2 : 0);
    int line = 0;
    for (int band = 0; band < widths.length; band++) {
      int factor = factors.factor(band);
      int less = 0;
      if (band >= granule.bands().longs()) {
        less = 8 * granule.subGains()[(band - granule.bands().longs()) % 3];
      } else if (granule.amplified() && !granule.bands().shorts()) {
        factor += PREAMPLIFICATION[band];
      }
      double scale = quarters(gain - less - granule.scaleStep() * factor);
      for (int end = line + widths[band]; line < end; line++) {
        int value = values[line];
        out[line] = value < 0 ? -POWERS[-value] * scale : POWERS[value] * scale;
      }
    }
  }

  private static double quarters(int exponent) {
    return Math.scalb(QUARTERS[exponent & 3], exponent >> 2);
  }
}
