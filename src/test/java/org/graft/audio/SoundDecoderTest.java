package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundDecoderTest {
  private static final int SAMPLES = 44; // where a plain header ends
  private static final int BITS = 34; // in a plain header
  private static final int MD5 = 26; // in a FLAC file's, behind the number of samples

  private final SoundDecoder decoder = new SoundDecoder(new SoundLimit(600));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pcm-8.wav",
        "pcm-16.wav",
        "pcm-24.wav",
        "pcm-32.wav",
        "float-32.wav",
        "float-64.wav",
        "extensible-8-channels.wav",
        "extensible-float.wav",
        "flac-8.flac",
        "flac-16.flac",
        "flac-24.flac",
        "flac-fixed.flac"
      })
  void soundsAreWhatLibsndfileReads(String name) throws RejectedException {
    Map<String, Object> golden = AudioGolden.cases("files/expected.json").get(name);
    Sound sound = decoder.decode(AudioGolden.bytes("files/" + name));
    assertEquals(AudioGolden.number(golden, "rate"), sound.sampleRate());
    double difference = AudioGolden.difference(golden, sound.samples());
    assertTrue(difference <= 1e-7, () -> name + " differs by " + difference);
  }

  @ParameterizedTest
  @CsvSource({
    "a-law.wav, WAV holds coding 0x6",
    "rf64.wav, the file is RF64 inside",
    "aiff.wav, the file is AIFF inside"
  })
  void whatIsNotDecodedIsNamed(String name, String message) {
    refused(AudioGolden.bytes("files/" + name), Reason.UNSUPPORTED, message);
  }

  @Test
  void emptyAndForeignFilesAreRefused() {
    refused(new byte[0], Reason.EMPTY, "the file is empty");
    refused(
        "a text, not a sound".getBytes(StandardCharsets.US_ASCII),
        Reason.UNSUPPORTED,
        "not a sound file");
    refused(new byte[] {-1, -32, 0, 0, 0}, Reason.UNSUPPORTED, "not a sound file"); // layer 0
    refused(wave(1, 16_000, 16, 0), Reason.EMPTY, "WAV holds no samples");
  }

  @Test
  void everyPrefixOfAFileIsRefused() {
    for (String name : new String[] {"pcm-16.wav", "extensible-8-channels.wav", "flac-8.flac"}) {
      byte[] whole = AudioGolden.bytes("files/" + name);
      for (int length = 0; length < whole.length; length++) {
        byte[] prefix = Arrays.copyOf(whole, length);
        assertThrows(RejectedException.class, () -> decoder.decode(prefix), name + " " + length);
      }
    }
  }

  @Test
  void aHeaderThatPromisesMoreOrLessThanThereIsIsRefused() {
    ByteBuffer wave = ByteBuffer.wrap(wave(1, 16_000, 16, 100)).order(ByteOrder.LITTLE_ENDIAN);
    refused(
        wave.putInt(40, 1000).array(),
        Reason.TRUNCATED,
        "1000 bytes of samples are declared, 200 follow");
    refused(wave.putInt(40, -1).array(), Reason.TRUNCATED, "its header was never completed");
    refused(wave.putInt(40, 199).array(), Reason.TRUNCATED, "no multiple of the 2");
    refused(wave.putInt(40, 100).array(), Reason.CORRUPT, "its header lies about the length");
    wave.putInt(40, 200);
    refused(wave.putShort(32, (short) 1).array(), Reason.CORRUPT, "broken header");
    wave.putShort(32, (short) 2);
    refused(wave.putShort(22, (short) 0).array(), Reason.CORRUPT, "0 channels");
    wave.putShort(22, (short) 1);
    refused(wave.putInt(24, 0).array(), Reason.CORRUPT, "declares 0 samples a second");
    refused(wave.putInt(24, -5).array(), Reason.CORRUPT, "-5 samples a second");
    refused(wave.putInt(24, 768_001).array(), Reason.CORRUPT, "768001 samples a second");
    refused(wave(65, 16_000, 16, 1), Reason.CORRUPT, "65 channels (limits: 1 to 64)");
  }

  @Test
  void threeHoursAreRefusedByTheirHeader() {
    byte[] wave = wave(1, 1000, 8, 10_800 * 1000);
    refused(
        wave,
        Reason.TOO_LARGE,
        "WAV declares 10800.0 s of sound (limit limits.seconds: 600): cut it, or raise the limit");
  }

  @Test
  void samplesThatAreNoNumbersAreRefused() {
    byte[] wave = AudioGolden.bytes("files/float-32.wav");
    int last = wave.length - Float.BYTES;
    ByteBuffer.wrap(wave).order(ByteOrder.LITTLE_ENDIAN).putFloat(last, Float.NaN);
    refused(wave, Reason.NOT_FINITE, "WAV holds NaN at sample 99");
  }

  @Test
  void everyDamagedByteOfAFlacFileIsSeenOrHarmless() throws RejectedException {
    byte[] whole = AudioGolden.bytes("files/flac-8.flac");
    float[] samples = decoder.decode(whole).samples();
    for (int i = 0; i < whole.length; i += 7) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      try {
        assertArrayEquals(samples, decoder.decode(damaged).samples(), "byte " + i);
      } catch (RejectedException e) {
        assertTrue(e.getMessage().length() > 10);
      }
    }
  }

  @Test
  void aFlacHeaderThatPromisesTooMuchIsRefused() {
    byte[] flac = AudioGolden.bytes("files/flac-8.flac");
    flac[21] |= 0x0f; // the uppermost bits of the number of samples
    refused(flac, Reason.TOO_LARGE, "FLAC declares 8053");
    byte[] more = AudioGolden.bytes("files/flac-8.flac");
    more[25]++;
    refused(more, Reason.TRUNCATED, "FLAC ends after");
  }

  /** Where a digest is missing, frames' check sums and the number of samples must do. */
  @Test
  void aFlacFileIsCheckedInThreeWays() throws RejectedException {
    byte[] whole = AudioGolden.bytes("files/flac-8.flac");
    byte[] otherDigest = whole.clone();
    otherDigest[MD5]++;
    refused(otherDigest, Reason.CORRUPT, "not those that were encoded (MD5)");
    byte[] noDigest = whole.clone();
    Arrays.fill(noDigest, MD5, MD5 + 16, (byte) 0);
    assertArrayEquals(decoder.decode(whole).samples(), decoder.decode(noDigest).samples());
    byte[] fewer = noDigest.clone();
    fewer[MD5 - 1]--;
    refused(fewer, Reason.CORRUPT, "and holds 5000: its header lies about the length");
    noDigest[noDigest.length - 1]++; // of the last frame's check sum
    refused(noDigest, Reason.CORRUPT, "FLAC is damaged");
  }

  @Test
  void aChunkOfOddLengthBeforeTheSamplesIsSteppedOver() throws RejectedException {
    byte[] wave = wave(1, 8000, 8, 3);
    int data = SAMPLES - 8;
    byte[] more =
        ByteBuffer.allocate(wave.length + 12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(wave, 0, data)
            .put("LIST".getBytes(StandardCharsets.US_ASCII))
            .putInt(3)
            .put(new byte[4])
            .put(wave, data, wave.length - data)
            .array();
    assertEquals(3, decoder.decode(more).samples().length);
  }

  @Test
  void fewerBitsThanTheirBytesNeedAreRefused() {
    byte[] wave = AudioGolden.bytes("files/pcm-24.wav");
    wave[BITS] = 16;
    refused(wave, Reason.UNSUPPORTED, "samples of 16 bits in 3 bytes, integers");
  }

  @Test
  void otherChunksAndAPaddingByteAreSteppedOver() throws RejectedException {
    byte[] wave = wave(1, 8000, 8, 3);
    byte[] more = Arrays.copyOf(wave, wave.length + 1 + 8 + 2);
    ByteBuffer.wrap(more)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(wave.length + 1)
        .put("LIST".getBytes(StandardCharsets.US_ASCII))
        .putInt(2);
    assertEquals(3, decoder.decode(more).samples().length);
  }

  private void refused(byte[] content, Reason reason, String message) {
    RejectedException e = assertThrows(RejectedException.class, () -> decoder.decode(content));
    assertEquals(reason, e.reason(), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void secondsAreSamplesByTheirRate() {
    assertEquals(0.5, new Sound(8000, new float[4000]).seconds());
  }

  /** Integers, all of them 0. */
  private static byte[] wave(int channels, int rate, int bits, int frames) {
    int frame = channels * bits / 8;
    return ByteBuffer.allocate(SAMPLES + frames * frame)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(SAMPLES - 8 + frames * frame)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) channels)
        .putInt(rate)
        .putInt(rate * frame)
        .putShort((short) frame)
        .putShort((short) bits)
        .put("data".getBytes(StandardCharsets.US_ASCII))
        .putInt(frames * frame)
        .array();
  }
}
