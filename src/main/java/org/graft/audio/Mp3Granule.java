package org.graft.audio;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * How 576 values of a channel are coded (ISO 11172-3, 2.4.1.7).
 *
 * @param bits of scale factors and values together
 * @param pairs of values in the big-value regions
 * @param gain in quarters of a power of two, 210 for 1
 * @param compression which lengths scale factors have
 * @param blockType 0 normal, 1 start, 2 short, 3 stop
 * @param mixed whether the two lowest subbands are as in a normal block
 * @param tables of the three regions
 * @param ends of the first two regions, in lines
 * @param subGains of the three short windows
 * @param amplified whether upper scale factors have a fixed part
 * @param scaleStep quarters that a scale factor counts
 * @param quadTable of the values of at most one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Mp3Granule(
    int bits,
    int pairs,
    int gain,
    int compression,
    int blockType,
    boolean mixed,
    int[] tables,
    int[] ends,
    int[] subGains,
    boolean amplified,
    int scaleStep,
    int quadTable,
    Mp3Bands bands) {
  static final int SHORT = 2;

  private static final int MAX_PAIRS = Mp3Bands.LINES / 2;
  private static final int AT_8_KHZ = 1;

  /** From which on MPEG-2's scale factors have a fixed part. */
  private static final int AMPLIFIED = 500;

  static Mp3Granule read(Mp3Bits side, Mp3Header header) throws RejectedException {
    int bits = side.read(12);
    int pairs = side.read(9);
    int gain = side.read(8);
    int compression = side.read(header.mpeg1() ? 4 : 9);
    boolean switched = side.flag();
    int blockType = switched ? side.read(2) : 0;
    boolean mixed = switched && side.flag();
    int[] tables = new int[3];
    for (int i = 0; i < (switched ? 2 : 3); i++) {
      tables[i] = side.read(5);
    }
    int[] subGains = new int[3];
    for (int i = 0; switched && i < 3; i++) {
      subGains[i] = side.read(3);
    }
    check(header, pairs, switched, blockType, mixed);
    Mp3Bands bands = Mp3Bands.of(header, blockType == SHORT, mixed);
    int[] ends = switched ? switchedEnds(header, blockType) : ends(side, bands.widths());
    boolean amplified = header.mpeg1() ? side.flag() : compression >= AMPLIFIED;
    int scaleStep = side.flag() ? 4 : 2;
    int quadTable = side.read(1);
    return new Mp3Granule(
        bits,
        pairs,
        gain,
        compression,
        blockType,
        mixed,
        tables,
        ends,
        subGains,
        amplified,
        scaleStep,
        quadTable,
        bands);
  }

  private static void check(
      Mp3Header header, int pairs, boolean switched, int blockType, boolean mixed)
      throws RejectedException {
    if (pairs > MAX_PAIRS || (switched && blockType == 0)) {
      throw Mp3Header.broken(
          "a granule of %d pairs, blocks of kind %d".formatted(pairs, blockType));
    }
    if (mixed && blockType == SHORT && header.rateIndex() == AT_8_KHZ) {
      throw new RejectedException(
          Reason.UNSUPPORTED, "MP3 holds mixed blocks at 8 kHz: not decoded here");
    }
  }

  private static int[] switchedEnds(Mp3Header header, int blockType) {
    int[] wide = Mp3Bands.of(header, false, false).widths();
    int first = header.rateIndex() == AT_8_KHZ ? 72 : 36;
    return new int[] {blockType == SHORT ? first : sum(wide, 8), Mp3Bands.LINES};
  }

  private static int[] ends(Mp3Bits side, int[] widths) {
    int first = side.read(4) + 1;
    int second = first + side.read(3) + 1;
    return new int[] {sum(widths, first), sum(widths, second)};
  }

  private static int sum(int[] widths, int count) {
    int sum = 0;
    for (int i = 0; i < Math.min(count, widths.length); i++) {
      sum += widths[i];
    }
    return sum;
  }
}
