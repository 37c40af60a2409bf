package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MP3 and Ogg Vorbis. */
class CompressedSoundTest {
  private static final int INFO = 4 + 32; // in a stereo file of MPEG-1
  private static final int FRAMES = INFO + 8;

  private final SoundDecoder decoder = new SoundDecoder(new SoundLimit(600));

  private static byte[] file(String name) {
    return AudioGolden.bytes("compressed/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cbr-44100-stereo.mp3",
        "vbr-48000-mono.mp3",
        "vbr-32000-stereo.mp3",
        "cbr-22050-stereo.mp3",
        "abr-16000-mono.mp3",
        "cbr-8000-mono.mp3",
        "no-info.mp3",
        "tags.mp3",
        "intensity.mp3",
        "mixed.mp3",
        "44100-stereo.ogg",
        "48000-mono.ogg",
        "16000-mono.ogg",
        "8000-mono.ogg",
        "48000-6-channels.ogg",
        "short.ogg"
      })
  void soundsAreWhatLibsndfileReads(String name) throws RejectedException {
    Map<String, Object> golden = AudioGolden.cases("compressed/expected.json").get(name);
    Sound sound = decoder.decode(file(name));
    assertEquals(AudioGolden.number(golden, "rate"), sound.sampleRate());
    double difference = AudioGolden.difference(golden, sound.samples());
    assertTrue(difference <= 2e-6, () -> name + " differs by " + difference);
  }

  @Test
  void whatTheEncoderPutAroundTheSoundIsCutOff() throws RejectedException {
    float[] plain = decoder.decode(file("cbr-44100-stereo.mp3")).samples();
    float[] whole = decoder.decode(file("no-info.mp3")).samples();
    assertEquals((int) (44_100 * 0.35), plain.length); // as it was before it was encoded
    int delay = 576 + 529;
    assertArrayEquals(Arrays.copyOfRange(whole, delay, delay + plain.length), plain);
    assertEquals(0, whole.length % 1152);
  }

  @Test
  void tagsAroundTheSoundChangeNothing() throws RejectedException {
    byte[] plain = file("cbr-44100-stereo.mp3");
    assertArrayEquals(decoder.decode(plain).samples(), decoder.decode(file("tags.mp3")).samples());
    byte[] ape =
        ByteBuffer.allocate(96)
            .put("APETAGEX".getBytes(StandardCharsets.US_ASCII), 0, 8)
            .position(64)
            .put("APETAGEX".getBytes(StandardCharsets.US_ASCII))
            .put(new byte[] {(byte) 0xd0, 7, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0x80})
            .array();
    byte[] footed = "ID3\4\0\20\0\0\0\0003DI\4\0\20\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(
        decoder.decode(plain).samples(), decoder.decode(joined(footed, plain)).samples());
    byte[] lyrics = "LYRICSBEGININD00000000019LYRICS200".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        decoder.decode(plain).samples().length,
        decoder.decode(joined(joined(plain, lyrics), ape)).samples().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cbr-44100-stereo.mp3", "vbr-48000-mono.mp3", "tags.mp3", "16000-mono.ogg"})
  void everyPrefixOfAFileIsRefused(String name) {
    byte[] whole = file(name);
    int tag = name.equals("tags.mp3") ? 128 : 0; // a part of it is still a whole sound before junk
    for (int length = 0; length < whole.length - tag; length += 1 + length % 3) {
      byte[] prefix = Arrays.copyOf(whole, length);
      assertThrows(RejectedException.class, () -> decoder.decode(prefix), name + " " + length);
    }
  }

  @Test
  void aFileCutOffInAFrameIsRefusedWhereNothingCountsThem() {
    byte[] whole = file("no-info.mp3");
    refused(
        Arrays.copyOf(whole, whole.length - 1), Reason.TRUNCATED, "takes 523 bytes, 522 follow");
  }

  @Test
  void aFileCutOutOfAnotherIsRefused() throws RejectedException {
    byte[] whole = file("vbr-32000-stereo.mp3");
    int at = Mp3Header.read(whole, 0).bytes();
    for (int i = 0; i < 5; i++) {
      at += Mp3Header.read(whole, at).bytes();
    }
    refused(Arrays.copyOfRange(whole, at, whole.length), Reason.TRUNCATED, "bytes before it");
  }

  @Test
  void aHeaderThatCountsOtherFramesThanThereAreIsRefused() {
    ByteBuffer mp3 = ByteBuffer.wrap(file("cbr-44100-stereo.mp3"));
    int frames = mp3.getInt(FRAMES);
    refused(
        mp3.putInt(FRAMES, frames + 1).array(),
        Reason.TRUNCATED,
        "MP3 declares %d frames and holds %d".formatted(frames + 1, frames));
    refused(mp3.putInt(FRAMES, frames - 1).array(), Reason.CORRUPT, "and holds " + frames);
  }

  @Test
  void threeHoursAreRefusedByTheirHeader() {
    ByteBuffer mp3 = ByteBuffer.wrap(file("cbr-44100-stereo.mp3"));
    int frames = 3 * 3600 * 44_100 / 1152;
    refused(
        mp3.putInt(FRAMES, frames).array(),
        Reason.TOO_LARGE,
        "MP3 declares 10800.0 s of sound (limit limits.seconds: 600)");
    byte[] ogg = OggFile.of(file("16000-mono.ogg")).last(3 * 3600 * 16_000L).bytes();
    refused(ogg, Reason.TOO_LARGE, "OGG declares 10800.0 s of sound");
  }

  @Test
  void aLongSoundIsRefusedWhereItsHeaderDoesNotSay() {
    byte[] whole = file("no-info.mp3");
    SoundDecoder strict = new SoundDecoder(new SoundLimit(1));
    byte[] thrice = joined(joined(whole, whole), joined(whole, whole));
    RejectedException e = assertThrows(RejectedException.class, () -> strict.decode(thrice));
    assertEquals(Reason.TOO_LARGE, e.reason(), e.getMessage());
  }

  @Test
  void anEndThatIsNotWhereTheOggFileSaysIsRefused() throws RejectedException {
    byte[] whole = file("16000-mono.ogg");
    refused(
        OggFile.of(whole).last(8_001 + 2000).bytes(), Reason.CORRUPT, "it declares 10001 samples");
    refused(OggFile.of(whole).last(-1).bytes(), Reason.CORRUPT, "does not say where it ends");
    Sound shorter = decoder.decode(OggFile.of(whole).last(7_990).bytes());
    assertEquals(7_990, shorter.samples().length);
  }

  @Test
  void pagesOutOfOrderAndDamagedOnesAreRefused() {
    byte[] whole = file("44100-stereo.ogg");
    whole[whole.length - 100] ^= 1;
    refused(whole, Reason.CORRUPT, "the check sum of the page");
    byte[] twice = joined(file("short.ogg"), file("short.ogg"));
    refused(twice, Reason.UNSUPPORTED, "streams one after the other");
    refused(joined(file("short.ogg"), new byte[9]), Reason.CORRUPT, "9 bytes follow the end");
    byte[] other = OggFile.of(file("44100-stereo.ogg")).with(1, 14, 77).bytes();
    refused(other, Reason.UNSUPPORTED, "several streams at once");
    byte[] continued = OggFile.of(file("44100-stereo.ogg")).with(1, 5, 1).bytes();
    refused(continued, Reason.CORRUPT, "page 1 begins within another packet");
    refused(OggFile.of(file("44100-stereo.ogg")).without(1).bytes(), Reason.CORRUPT, "comes where");
  }

  @Test
  void otherCodingsAreNamed() {
    refused(
        file("opus.ogg"),
        Reason.UNSUPPORTED,
        "OGG holds Opus (as WhatsApp's and Telegram's voice messages do), which is not decoded"
            + " here: convert it to WAV or FLAC (ffmpeg -i FILE FILE.flac)");
    refused(
        OggFile.of(file("opus.ogg")).first("Speex   ").bytes(),
        Reason.UNSUPPORTED,
        "OGG holds Speex");
    refused(
        OggFile.of(file("opus.ogg")).first("\u007fFLAC").bytes(),
        Reason.UNSUPPORTED,
        "OGG holds FLAC");
    refused(
        OggFile.of(file("opus.ogg")).first("fishead").bytes(),
        Reason.UNSUPPORTED,
        "OGG holds no Vorbis");
    byte[] mp3 = file("no-info.mp3");
    mp3[2] &= 0x0f;
    refused(mp3, Reason.UNSUPPORTED, "frames of free format");
    mp3 = joined("ID3\4\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII), file("no-info.mp3"));
    mp3[11] = (byte) 0xfd;
    refused(mp3, Reason.UNSUPPORTED, "another layer than III");
  }

  @Test
  void aFrameThatSaysItHasACheckSumIsHeldAgainstIt() {
    byte[] guarded = file("no-info.mp3");
    guarded[1] &= (byte) 0xfe;
    refused(guarded, Reason.CORRUPT, "the check sum of the frame at byte 0 is wrong");
  }

  @Test
  void junkBetweenFramesIsRefused() throws RejectedException {
    byte[] whole = file("no-info.mp3");
    int second = Mp3Header.read(whole, 0).bytes();
    byte[] head = Arrays.copyOf(whole, second);
    byte[] rest = Arrays.copyOfRange(whole, second, whole.length);
    refused(joined(head, joined(new byte[5], rest)), Reason.CORRUPT, "begins no frame");
    refused(joined(whole, file("cbr-8000-mono.mp3")), Reason.CORRUPT, "of another kind");
  }

  private void refused(byte[] content, Reason reason, String message) {
    RejectedException e = assertThrows(RejectedException.class, () -> decoder.decode(content));
    assertEquals(reason, e.reason(), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
