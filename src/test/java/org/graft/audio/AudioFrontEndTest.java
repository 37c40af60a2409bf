package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.audio.AudioPreparation.Framing;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AudioFrontEndTest {
  static AudioFrontEnd frontEnd(String name) {
    return new AudioFrontEnd(Preparations.of(name), new SoundLimit(600));
  }

  private static float[][] windows(String name, Sound sound) throws RejectedException {
    Windows windows = frontEnd(name).windows(sound);
    List<float[]> all = new ArrayList<>();
    for (float[] window = windows.next(); window != null; window = windows.next()) {
      all.add(window);
    }
    return all.toArray(float[][]::new);
  }

  private static float[] flat(float[][] windows) {
    float[] all = new float[windows.length * windows[0].length];
    for (int i = 0; i < windows.length; i++) {
      System.arraycopy(windows[i], 0, all, i * windows[0].length, windows[0].length);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vggish",
        "yamnet",
        "yamnet-short",
        "openl3-mel128",
        "openl3-mel256",
        "deepspeech",
        "quartznet",
        "speech-embedding"
      })
  void windowsAreThoseOfThePublishedFrontEnd(String name) throws RejectedException {
    Map<String, Object> golden = AudioGolden.cases("front-ends.json").get(name);
    Sound sound =
        AudioGolden.sound(
            AudioGolden.number(golden, "rate"), AudioGolden.number(golden, "samples"));
    double difference = AudioGolden.difference(golden, flat(windows(name, sound)));
    assertTrue(difference <= 1e-5, () -> name + " differs by " + difference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vggish",
        "yamnet",
        "openl3-mel128",
        "deepspeech",
        "quartznet",
        "speech-embedding"
      })
  void silenceAndASingleSampleGiveWholeFiniteWindows(String name) throws RejectedException {
    int rate = Preparations.of(name).sampleRate();
    for (int samples : new int[] {1, rate / 50, 3 * rate}) {
      float[][] windows = windows(name, new Sound(rate, new float[samples]));
      assertTrue(windows.length >= 1);
      for (float[] window : windows) {
        assertEquals(Preparations.of(name).windowLength(), window.length);
        for (float value : window) {
          assertTrue(Float.isFinite(value), () -> name + " gives " + value);
        }
      }
    }
  }

  @Test
  void aLongerSoundHasTheSameFirstWindows() throws RejectedException {
    float[][] shorter = windows("vggish", AudioGolden.sound(16_000, 20_000));
    float[][] longer = windows("vggish", AudioGolden.sound(16_000, 50_000));
    assertEquals(1, shorter.length);
    assertEquals(3, longer.length);
    assertArrayEquals(shorter[0], longer[0]);
  }

  @Test
  void anotherRateIsBroughtToTheCards() throws RejectedException {
    float[] own = windows("yamnet", tone(16_000))[0];
    float[] other = windows("yamnet", tone(48_000))[0];
    for (int i = 20 * 64; i < 80 * 64; i++) { // its ends are where the tone begins and ends
      assertEquals(own[i], other[i], 0.02, "level " + i);
    }
  }

  @Test
  void aRateThatHasNothingInCommonIsRefused() {
    Sound odd = new Sound(767_999, new float[1000]);
    RejectedException e =
        assertThrows(RejectedException.class, () -> frontEnd("openl3-mel128").windows(odd));
    assertEquals(Reason.UNSUPPORTED, e.reason());
    assertTrue(e.getMessage().contains("767999 samples a second have too little"), e.getMessage());
  }

  /** Frames begin at odd places then, and a sound ends at one. */
  @Test
  void aFrameIsThatOfTheSoundFromThereOn() {
    AudioPreparation even = Preparations.of("vggish");
    MelSpectrogram odd = new MelSpectrogram(with(even, 161, null));
    float[] samples = AudioGolden.sound(16_000, 16_001).samples();
    float[] all = odd.of(samples);
    int bands = even.mel().bands();
    for (int i = 0; i < odd.frames(samples.length); i++) {
      float[] from = Arrays.copyOfRange(samples, i * 161, samples.length);
      float[] first = Arrays.copyOf(odd.of(from), bands);
      assertArrayEquals(first, Arrays.copyOfRange(all, i * bands, (i + 1) * bands), "frame " + i);
    }
  }

  @Test
  void aSoundIsAmplifiedAlsoWhereNoSilenceIsBeforeIt() throws RejectedException {
    AudioPreparation plain = Preparations.of("vggish");
    Sound sound = AudioGolden.sound(16_000, 16_000);
    float[] twice = new float[16_000];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = 2 * sound.samples()[i];
    }
    SoundLimit limit = new SoundLimit(600);
    Windows amplified = new AudioFrontEnd(with(plain, 160, 2.0), limit).windows(sound);
    Windows louder = new AudioFrontEnd(plain, limit).windows(new Sound(16_000, twice));
    assertArrayEquals(louder.next(), amplified.next());
  }

  private static AudioPreparation with(AudioPreparation other, int hop, Double gain) {
    Framing framing = other.framing();
    return new AudioPreparation(
        other.sampleRate(),
        gain,
        null,
        new Framing(framing.length(), hop, framing.fft(), framing.taper(), framing.edges(), null),
        other.mel(),
        other.level(),
        other.context(),
        other.window(),
        other.order(),
        other.pooling());
  }

  /** A plan names it; all that is allocated is more than what is there at once. */
  @ParameterizedTest
  @ValueSource(strings = {"vggish", "openl3-mel256", "deepspeech", "quartznet", "speech-embedding"})
  void theHeapOfASoundIsAboutWhatItsPreparationSays(String name) throws RejectedException {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    AudioFrontEnd frontEnd = frontEnd(name);
    int rate = Preparations.of(name).sampleRate();
    Sound sound = AudioGolden.sound(rate, 60 * rate);
    long before = thread.getCurrentThreadAllocatedBytes();
    frontEnd.windows(sound);
    long decoded = (long) sound.samples().length * Float.BYTES;
    long allocated = thread.getCurrentThreadAllocatedBytes() - before + decoded;
    long said = Preparations.of(name).heap(60);
    assertTrue(allocated <= said && said <= 3.5 * allocated, allocated + " bytes, said " + said);
  }

  private static Sound tone(int rate) {
    float[] samples = new float[rate];
    for (int i = 0; i < rate; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * 1000 * i / rate);
    }
    return new Sound(rate, samples);
  }
}
