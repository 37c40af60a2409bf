package org.graft.audio;

import java.nio.charset.StandardCharsets;
import org.graft.sample.RejectedException;

/**
 * The three packets before a Vorbis stream's sound (Vorbis I, section 4.2).
 *
 * @param blockSizes of short and long blocks, samples
 * @param longBlocks which modes are of long blocks
 * @param mappings of the modes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record VorbisSetup(
    int sampleRate,
    int channels,
    int[] blockSizes,
    boolean[] longBlocks,
    VorbisMapping[] mappings) {
  private static final int LEAST_BLOCK = 6;
  private static final int LARGEST_BLOCK = 13;

  static VorbisSetup read(OggPackets packets, SoundLimit limit) throws RejectedException {
    VorbisBits start = header(packets.next(), 1);
    int version = start.read(32);
    int channels = start.read(8);
    int rate = start.read(32);
    start.skipBytes(12); // rates of bits
    int small = start.read(4);
    int large = start.read(4);
    start.check("first packet");
    if (version != 0 || small < LEAST_BLOCK || large < small || large > LARGEST_BLOCK) {
      throw OggPackets.broken("version %d, blocks of 2^%d and 2^%d", version, small, large);
    }
    limit.check("OGG", rate, channels, 0);
    header(packets.next(), 3); // texts
    VorbisBits bits = header(packets.next(), 5);
    return setup(bits, rate, channels, new int[] {1 << small, 1 << large});
  }

  private static VorbisBits header(byte[] packet, int type) throws RejectedException {
    String name = new String(new byte[] {(byte) type}, StandardCharsets.ISO_8859_1) + "vorbis";
    if (packet == null || !new String(packet, StandardCharsets.ISO_8859_1).startsWith(name)) {
      throw OggPackets.broken("a packet of Vorbis' head is not there");
    }
    VorbisBits bits = new VorbisBits(packet);
    bits.skipBytes(name.length());
    return bits;
  }

  private static VorbisSetup setup(VorbisBits bits, int rate, int channels, int[] blockSizes)
      throws RejectedException {
    VorbisBudget budget = new VorbisBudget();
    VorbisBook[] books = new VorbisBook[bits.read(8) + 1];
    for (int i = 0; i < books.length; i++) {
      books[i] = VorbisBook.read(bits, budget);
    }
    bits.skipBits(16 * (bits.read(6) + 1)); // transforms of a time that never came
    VorbisFloor[] floors = new VorbisFloor[bits.read(6) + 1];
    for (int i = 0; i < floors.length; i++) {
      floors[i] = VorbisFloor.read(bits, books);
    }
    VorbisResidue[] residues = new VorbisResidue[bits.read(6) + 1];
    for (int i = 0; i < residues.length; i++) {
      residues[i] = VorbisResidue.read(bits, books);
    }
    VorbisMapping[] mappings = new VorbisMapping[bits.read(6) + 1];
    for (int i = 0; i < mappings.length; i++) {
      mappings[i] = VorbisMapping.read(bits, channels, floors, residues);
    }
    return modes(bits, rate, channels, blockSizes, mappings);
  }

  private static VorbisSetup modes(
      VorbisBits bits, int rate, int channels, int[] blockSizes, VorbisMapping[] mappings)
      throws RejectedException {
    int count = bits.read(6) + 1;
    boolean[] longBlocks = new boolean[count];
    VorbisMapping[] own = new VorbisMapping[count];
    for (int i = 0; i < count; i++) {
      longBlocks[i] = bits.flag();
      if (bits.read(32) != 0) {
        throw OggPackets.broken("a mode of an unknown kind");
      }
      own[i] = at(mappings, bits.read(8), "mapping");
    }
    boolean framed = bits.flag();
    bits.check("head");
    if (!framed) {
      throw OggPackets.broken("its head does not end where it should");
    }
    return new VorbisSetup(rate, channels, blockSizes, longBlocks, own);
  }

  /** The one of a number that the file gives. */
  static <T> T at(T[] all, int number, String what) throws RejectedException {
    if (number >= all.length) {
      throw OggPackets.broken("%s %d of %d is asked for", what, number, all.length);
    }
    return all[number];
  }
}
