package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;

/** A codebook (Vorbis I, section 3): a code tree, and maybe a vector for each of its leaves. */
final class VorbisBook {
  private static final int SYNC = 0x564342;
  private static final int NO_CODE = 0;

  private final int dimensions;

  /** Two children a node: a node further on, or {@code ~leaf}; 0 where there is none. */
  private final int[] tree;

  private int nodes = 1;

  /** {@code [entries][dimensions]}; null where there are none. */
  private final float[] vectors;

  private VorbisBook(int dimensions, int[] lengths, float[] vectors) throws RejectedException {
    this.dimensions = dimensions;
    this.vectors = vectors;
    int used = 0;
    for (int length : lengths) {
      used += length == NO_CODE ? 0 : 1;
    }
    this.tree = new int[2 * Math.max(1, used)];
    if (used == 1) {
      single(lengths);
    } else if (used > 1) {
      grow(lengths);
    }
  }

  /**
   * @param budget what all of a file's books may take together
   */
  static VorbisBook read(VorbisBits bits, VorbisBudget budget) throws RejectedException {
    if (bits.read(24) != SYNC) {
      throw OggPackets.broken("a codebook does not begin as one");
    }
    int dimensions = bits.read(16);
    int entries = bits.read(24);
    if (dimensions == 0 || entries == 0) {
      throw OggPackets.broken("a codebook of %d x %d", entries, dimensions);
    }
    budget.take(entries);
    int[] lengths = bits.flag() ? ordered(bits, entries) : plain(bits, entries);
    bits.check("codebook");
    float[] vectors = VorbisVectors.read(bits, entries, dimensions, budget);
    return new VorbisBook(dimensions, lengths, vectors);
  }

  private static int[] plain(VorbisBits bits, int entries) {
    int[] lengths = new int[entries];
    boolean sparse = bits.flag();
    for (int i = 0; i < entries && !bits.over(); i++) {
      lengths[i] = !sparse || bits.flag() ? bits.read(5) + 1 : NO_CODE;
    }
    return lengths;
  }

  private static int[] ordered(VorbisBits bits, int entries) throws RejectedException {
    int[] lengths = new int[entries];
    int length = bits.read(5) + 1;
    for (int i = 0; i < entries; length++) {
      int count = bits.read(VorbisBits.width(entries - i));
      if (count > entries - i || length > 32) {
        throw OggPackets.broken("a codebook's lengths are for more than its %d entries", entries);
      }
      for (int end = i + count; i < end; i++) {
        lengths[i] = length;
      }
    }
    return lengths;
  }

  private void single(int[] lengths) {
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] != NO_CODE) {
        tree[0] = ~i;
        tree[1] = ~i;
      }
    }
  }

  /** Every entry in turn gets the lowest code of its length that is free. */
  private void grow(int[] lengths) throws RejectedException {
    checkComplete(lengths);
    long[] free = new long[33]; // by length, the code in the upper of 32 bits; -1: none
    Arrays.fill(free, -1);
    free[0] = 0;
    for (int entry = 0; entry < lengths.length; entry++) {
      int length = lengths[entry];
      if (length != NO_CODE) {
        int from = length;
        while (free[from] < 0) {
          from--;
        }
        long code = free[from];
        free[from] = -1;
        for (int i = length; i > from; i--) {
          free[i] = code + (1L << (32 - i));
        }
        insert(code, length, entry);
      }
    }
  }

  /** Codes of these lengths must use every bit pattern up, and none twice. */
  private static void checkComplete(int[] lengths) throws RejectedException {
    long used = 0;
    for (int length : lengths) {
      used += length == NO_CODE ? 0 : 1L << (32 - length);
    }
    if (used != 1L << 32) {
      throw OggPackets.broken(
          "a codebook has %s codes than there can be", used > 1L << 32 ? "more" : "fewer");
    }
  }

  private void insert(long code, int length, int entry) {
    int node = 0;
    for (int i = 1; i < length; i++) {
      int child = 2 * node + (int) (code >> (32 - i) & 1);
      if (tree[child] == 0) {
        tree[child] = nodes++;
      }
      node = tree[child];
    }
    tree[2 * node + (int) (code >> (32 - length) & 1)] = ~entry;
  }

  int dimensions() {
    return dimensions;
  }

  boolean hasVectors() {
    return vectors != null;
  }

  /**
   * @return the entry; -1 where the packet is at its end, or the book empty
   */
  int entry(VorbisBits bits) {
    int node = 0;
    do {
      node = tree[2 * node + bits.read(1)];
    } while (node > 0);
    return bits.over() || node == 0 ? -1 : ~node;
  }

  float value(int entry, int dimension) {
    return vectors[entry * dimensions + dimension];
  }
}
