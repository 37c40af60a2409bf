package org.graft.audio;

import org.graft.sample.RejectedException;

/** What the envelope is multiplied with: vectors of codebooks, in passes (Vorbis I, section 8). */
final class VorbisResidue {
  private static final int PASSES = 8;

  private final int type;
  private final int begin;
  private final int end;
  private final int partition;
  private final VorbisBook classes;

  /** {@code [classifications][8]}; null where a pass adds nothing. */
  private final VorbisBook[][] books;

  private VorbisResidue(
      int type, int begin, int end, int partition, VorbisBook classes, VorbisBook[][] books) {
    this.type = type;
    this.begin = begin;
    this.end = end;
    this.partition = partition;
    this.classes = classes;
    this.books = books;
  }

  static VorbisResidue read(VorbisBits bits, VorbisBook[] all) throws RejectedException {
    int type = bits.read(16);
    int begin = bits.read(24);
    int end = bits.read(24);
    int partition = bits.read(24) + 1;
    int[] cascades = new int[bits.read(6) + 1];
    VorbisBook classes = VorbisSetup.at(all, bits.read(8), "codebook");
    if (type > 2 || end < begin) {
      throw OggPackets.broken("a residue of kind %d from %d to %d", type, begin, end);
    }
    for (int i = 0; i < cascades.length; i++) {
      int low = bits.read(3);
      cascades[i] = (bits.flag() ? bits.read(5) << 3 : 0) | low;
    }
    VorbisBook[][] books = new VorbisBook[cascades.length][PASSES];
    for (int i = 0; i < cascades.length; i++) {
      for (int pass = 0; pass < PASSES; pass++) {
        books[i][pass] = (cascades[i] >> pass & 1) == 0 ? null : book(bits, all);
      }
    }
    return new VorbisResidue(type, begin, end, partition, classes, books);
  }

  private static VorbisBook book(VorbisBits bits, VorbisBook[] all) throws RejectedException {
    VorbisBook book = VorbisSetup.at(all, bits.read(8), "codebook");
    if (!book.hasVectors()) {
      throw OggPackets.broken("a residue's codebook has no vectors");
    }
    return book;
  }

  /**
   * Adds to spectra; a packet that ends too early has said all it says.
   *
   * @param spectra {@code [channels][n]}
   * @param silent channels that nothing is read for; of kind 2, all or none
   */
  void decode(VorbisBits bits, float[][] spectra, boolean[] silent) {
    if (type != 2) {
      decode(bits, spectra, silent, spectra.length == 0 ? 0 : spectra[0].length);
      return;
    }
    boolean none = true;
    for (boolean each : silent) {
      none &= each;
    }
    if (!none) {
      int channels = spectra.length;
      float[] woven = new float[channels * spectra[0].length];
      decode(bits, new float[][] {woven}, new boolean[1], woven.length);
      for (int i = 0; i < woven.length; i++) {
        spectra[i % channels][i / channels] += woven[i];
      }
    }
  }

  private void decode(VorbisBits bits, float[][] vectors, boolean[] silent, int size) {
    int from = Math.min(begin, size);
    int partitions = (Math.min(end, size) - from) / partition;
    int[][] chosen = new int[vectors.length][partitions];
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < partitions; i++) {
        if (pass == 0 && i % classes.dimensions() == 0 && !choose(bits, i, chosen, silent)) {
          return;
        }
        for (int j = 0; j < vectors.length; j++) {
          VorbisBook book = silent[j] ? null : books[chosen[j][i]][pass];
          if (book != null && !add(bits, book, vectors[j], from + i * partition)) {
            return;
          }
        }
      }
    }
  }

  /** A code chooses what some partitions of a channel are. */
  private boolean choose(VorbisBits bits, int from, int[][] chosen, boolean[] silent) {
    int count = classes.dimensions();
    for (int j = 0; j < chosen.length; j++) {
      int code = silent[j] ? 0 : classes.entry(bits);
      if (code < 0) {
        return false;
      }
      for (int i = count - 1; i >= 0 && code > 0 && books.length > 1; i--) {
        if (from + i < chosen[j].length) {
          chosen[j][from + i] = code % books.length;
        }
        code /= books.length;
      }
    }
    return true;
  }

  private boolean add(VorbisBits bits, VorbisBook book, float[] vector, int at) {
    int dimensions = book.dimensions();
    int step = type == 0 ? partition / dimensions : 1;
    int codes = type == 0 ? step : (partition + dimensions - 1) / dimensions;
    for (int i = 0; i < codes; i++) {
      int entry = book.entry(bits);
      if (entry < 0) {
        return false;
      }
      int start = type == 0 ? i : i * dimensions;
      for (int j = 0; j < dimensions && start + j * step < partition; j++) {
        vector[at + start + j * step] += book.value(entry, j);
      }
    }
    return true;
  }
}
