package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;

/**
 * Packets of one stream, one after the other, to one channel of samples (Vorbis I, section 4.3).
 * What decoding keeps from a block to the next is here. Channels are averaged as spectra, which is
 * the same as later.
 */
final class VorbisBlocks {
  private final VorbisSetup setup;
  private final InverseCosines[] transforms;
  private final double[][] slopes;
  private final double[] re;
  private final double[] im;

  /** The right half of the block before, windowed; null before the first. */
  private double[] before;

  VorbisBlocks(VorbisSetup setup) {
    this.setup = setup;
    int[] sizes = setup.blockSizes();
    this.transforms =
        new InverseCosines[] {new InverseCosines(sizes[0]), new InverseCosines(sizes[1])};
    this.slopes = new double[][] {slope(sizes[0] / 2), slope(sizes[1] / 2)};
    this.re = new double[sizes[1] / 4];
    this.im = new double[sizes[1] / 4];
  }

  /**
   * @return the samples that are complete now; none after the first block
   */
  float[] decode(byte[] packet) throws RejectedException {
    VorbisBits bits = new VorbisBits(packet);
    if (packet.length == 0) {
      return new float[0];
    }
    if (bits.flag()) {
      throw OggPackets.broken("a packet of another kind lies among those of sound");
    }
    int mode = bits.read(VorbisBits.width(setup.mappings().length - 1));
    VorbisMapping mapping = VorbisSetup.at(setup.mappings(), mode, "mode");
    boolean large = setup.longBlocks()[mode];
    boolean largeBefore = large && bits.flag();
    boolean largeAfter = large && bits.flag();
    int size = setup.blockSizes()[large ? 1 : 0];
    float[] spectrum = mean(mapping.decode(bits, size / 2), size / 2);
    double[] block = new double[size];
    transforms[large ? 1 : 0].transform(spectrum, re, im, block);
    window(block, slopes[largeBefore ? 1 : 0], slopes[largeAfter ? 1 : 0]);
    float[] samples = before == null ? new float[0] : overlapped(block);
    before = Arrays.copyOfRange(block, size / 2, size);
    return samples;
  }

  private static float[] mean(float[][] spectra, int size) {
    float[] mean = new float[size];
    for (float[] spectrum : spectra) {
      for (int i = 0; spectrum != null && i < size; i++) {
        mean[i] += spectrum[i] / spectra.length;
      }
    }
    return mean;
  }

  private static void window(double[] block, double[] rise, double[] fall) {
    int size = block.length;
    for (int i = 0; i < size / 2; i++) {
      block[i] *= at(i - (size / 4 - rise.length / 2), rise);
      block[size - 1 - i] *= at(i - (size / 4 - fall.length / 2), fall);
    }
  }

  private static double at(int i, double[] slope) {
    return i < 0 ? 0 : i < slope.length ? slope[i] : 1;
  }

  /** Over which neighbours are blended. */
  private static double[] slope(int length) {
    double[] slope = new double[length];
    for (int i = 0; i < length; i++) {
      double sine = StrictMath.sin((i + 0.5) / length * Math.PI / 2);
      slope[i] = StrictMath.sin(Math.PI / 2 * sine * sine);
    }
    return slope;
  }

  /** From the middle of the block before to the middle of this one. */
  private float[] overlapped(double[] block) {
    int old = before.length / 2;
    int own = block.length / 4;
    float[] out = new float[old + own];
    for (int i = 0; i < out.length; i++) {
      int at = i - old + own;
      double value = i < before.length ? before[i] : 0;
      out[i] = (float) (value + (at >= 0 ? block[at] : 0));
    }
    return out;
  }
}
