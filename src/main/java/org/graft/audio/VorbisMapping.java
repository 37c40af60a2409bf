package org.graft.audio;

import java.util.Arrays;
import org.graft.sample.RejectedException;

/**
 * Which floor and residue a channel has, and which channels are coupled (Vorbis I, section 4.2.4).
 *
 * @param magnitudes of the pairs that are coupled
 * @param angles of the pairs
 * @param submaps of the channels
 * @param floors of the submaps
 * @param residues of the submaps
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record VorbisMapping(
    int[] magnitudes, int[] angles, int[] submaps, VorbisFloor[] floors, VorbisResidue[] residues) {

  static VorbisMapping read(
      VorbisBits bits, int channels, VorbisFloor[] allFloors, VorbisResidue[] allResidues)
      throws RejectedException {
    int type = bits.read(16);
    int count = bits.flag() ? bits.read(4) + 1 : 1;
    int[] magnitudes = new int[bits.flag() ? bits.read(8) + 1 : 0];
    int[] angles = new int[magnitudes.length];
    int width = VorbisBits.width(channels - 1);
    for (int i = 0; i < angles.length; i++) {
      magnitudes[i] = bits.read(width);
      angles[i] = bits.read(width);
      check(magnitudes[i] != angles[i] && Math.max(magnitudes[i], angles[i]) < channels);
    }
    check(type == 0 && bits.read(2) == 0);
    int[] submaps = new int[channels];
    for (int i = 0; count > 1 && i < channels; i++) {
      submaps[i] = bits.read(4);
      check(submaps[i] < count);
    }
    VorbisFloor[] floors = new VorbisFloor[count];
    VorbisResidue[] residues = new VorbisResidue[count];
    for (int i = 0; i < count; i++) {
      bits.read(8);
      floors[i] = VorbisSetup.at(allFloors, bits.read(8), "floor");
      residues[i] = VorbisSetup.at(allResidues, bits.read(8), "residue");
    }
    return new VorbisMapping(magnitudes, angles, submaps, floors, residues);
  }

  private static void check(boolean right) throws RejectedException {
    if (!right) {
      throw OggPackets.broken("a mapping names channels that are not there");
    }
  }

  int channels() {
    return submaps.length;
  }

  /** Spectra of the channels from what a packet holds; null where it is silent. */
  float[][] decode(VorbisBits bits, int size) {
    int channels = channels();
    int[][] heights = new int[channels][];
    boolean[] silent = new boolean[channels];
    for (int i = 0; i < channels; i++) {
      heights[i] = floors[submaps[i]].decode(bits);
      silent[i] = heights[i] == null;
    }
    for (int i = 0; i < angles.length; i++) {
      boolean both = silent[magnitudes[i]] && silent[angles[i]];
      silent[magnitudes[i]] = both;
      silent[angles[i]] = both;
    }
    float[][] spectra = new float[channels][size];
    for (int i = 0; i < residues.length; i++) {
      residues(bits, i, spectra, silent);
    }
    for (int i = angles.length - 1; i >= 0; i--) {
      uncouple(spectra[magnitudes[i]], spectra[angles[i]]);
    }
    for (int i = 0; i < channels; i++) {
      if (heights[i] == null) {
        spectra[i] = null;
      } else {
        floors[submaps[i]].multiply(heights[i], spectra[i]);
      }
    }
    return spectra;
  }

  private void residues(VorbisBits bits, int submap, float[][] spectra, boolean[] silent) {
    int count = 0;
    float[][] own = new float[spectra.length][];
    boolean[] ownSilent = new boolean[spectra.length];
    for (int i = 0; i < spectra.length; i++) {
      if (submaps[i] == submap) {
        ownSilent[count] = silent[i];
        own[count++] = spectra[i];
      }
    }
    if (count > 0) {
      residues[submap].decode(bits, Arrays.copyOf(own, count), Arrays.copyOf(ownSilent, count));
    }
  }

  private static void uncouple(float[] magnitude, float[] angle) {
    for (int i = 0; i < magnitude.length; i++) {
      float m = magnitude[i];
      float a = angle[i];
      if (a > 0) {
        angle[i] = m > 0 ? m - a : m + a;
      } else {
        angle[i] = m;
        magnitude[i] = m > 0 ? m + a : m - a;
      }
    }
  }
}
