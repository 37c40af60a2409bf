package org.graft.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.common.SeededHash;
import org.graft.common.UserError;

/** Recordings to measure with. */
final class BenchSounds {
  private static final int MOST = 64;
  private static final int HEADER = 44;

  private BenchSounds() {}

  /**
   * Noise as a WAV file of 16 bits and one channel: what is in it costs nothing and saves nothing.
   */
  static byte[] noise(int sampleRate, int seconds) {
    int bytes = sampleRate * seconds * Short.BYTES;
    ByteBuffer wav = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVEfmt ")).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(sampleRate);
    wav.putInt(sampleRate * Short.BYTES).putShort((short) 2).putShort((short) 16);
    wav.put(ascii("data")).putInt(bytes);
    for (long i = 0; wav.hasRemaining(); i++) {
      wav.putShort((short) (SeededHash.mix(i) >> 50)); // a quarter of full scale
    }
    return wav.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Files below a folder, by the ending of their names; of each kind the first by name. */
  static Map<String, List<byte[]>> in(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(file -> ending(file).matches("wav|flac|mp3|ogg")).sorted().toList();
    }
    Map<String, List<byte[]>> kinds = new LinkedHashMap<>();
    for (Path file : files) {
      List<byte[]> kind = kinds.computeIfAbsent(ending(file), ending -> new ArrayList<>());
      if (kind.size() < MOST) {
        kind.add(Files.readAllBytes(file));
      }
    }
    if (kinds.isEmpty()) {
      throw new UserError(
          "Cannot bench with --sounds %s: there is no .wav, .flac, .mp3 or .ogg file below it. Give a folder that has some."
              .formatted(folder));
    }
    return kinds;
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
