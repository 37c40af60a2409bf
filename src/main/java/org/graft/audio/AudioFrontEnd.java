package org.graft.audio;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.graft.audio.AudioPreparation.Kind;
import org.graft.audio.AudioPreparation.Order;
import org.graft.audio.AudioPreparation.Remainder;
import org.graft.common.Checks;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;

/** A sound file to the windows that a network takes, as a card prepares them. Thread-safe. */
public final class AudioFrontEnd {
  /** Filters between rates that are kept; a file may come with any rate. */
  private static final int KEPT = 8;

  private static final long KEPT_SIZE = 1_000_000;

  private static final int TILE = 16;

  /** Zeros fill windows of these, as their authors' batches do; silence of the others. */
  private static final Set<Kind> PADDED_LATER = EnumSet.of(Kind.LOG_NORMALISED, Kind.CEPSTRUM);

  private final AudioPreparation preparation;
  private final SoundDecoder decoder;
  private final MelSpectrogram spectrogram;
  private final Levels levels;
  private final Map<Integer, SincResampler> resamplers = new ConcurrentHashMap<>();

  /**
   * @param limit of what a sound file may declare
   */
  public AudioFrontEnd(AudioPreparation preparation, SoundLimit limit) {
    this.preparation = preparation;
    this.decoder = new SoundDecoder(limit);
    this.spectrogram = new MelSpectrogram(preparation);
    this.levels = Levels.of(preparation.level(), preparation.mel().bands());
    Integer samples = preparation.window().samples();
    Checks.argument(
        samples == null || spectrogram.frames(samples) == preparation.window().frames(),
        "%s samples do not give %d frames",
        samples,
        preparation.window().frames());
  }

  /** How the features of a sound's windows become one vector. */
  public WindowPooling pooling() {
    return preparation.pooling() == null ? WindowPooling.MEAN : preparation.pooling();
  }

  /**
   * @return {@code [windowLength]} each, at least one
   */
  public Windows windows(byte[] content) throws RejectedException {
    return windows(decoder.decode(content));
  }

  /** Of a sound that is decoded; its samples are not changed. */
  Windows windows(Sound sound) throws RejectedException {
    float[] samples = amplified(resampled(sound));
    return preparation.window().samples() != null ? ofPieces(samples) : ofWhole(samples);
  }

  private float[] resampled(Sound sound) throws RejectedException {
    int from = sound.sampleRate();
    int to = preparation.sampleRate();
    if (from == to) {
      return sound.samples();
    }
    if (!SincResampler.fits(from, to)) {
      throw new RejectedException(
          Reason.UNSUPPORTED,
          "its %d samples a second have too little in common with the %d that are wanted: resample it"
              .formatted(from, to));
    }
    boolean keep = resamplers.size() < KEPT && SincResampler.tableSize(from, to) < KEPT_SIZE;
    SincResampler resampler =
        keep
            ? resamplers.computeIfAbsent(from, rate -> SincResampler.of(rate, to))
            : resamplers.getOrDefault(from, null);
    return (resampler == null ? SincResampler.of(from, to) : resampler).resample(sound.samples());
  }

  /** Louder, and with silence before it. */
  private float[] amplified(float[] samples) {
    int before = preparation.silence() == null ? 0 : preparation.silence();
    double gain = preparation.gain() == null ? 1 : preparation.gain();
    if (before == 0 && gain == 1) {
      return samples;
    }
    float[] out = new float[before + samples.length];
    for (int i = 0; i < samples.length; i++) {
      out[before + i] = (float) (samples[i] * gain);
    }
    return out;
  }

  /** Spectra of each window alone. */
  private Windows ofPieces(float[] samples) {
    int length = preparation.window().samples();
    int hop = preparation.window().hop();
    int[] left = {count(samples.length, length, hop)};
    int[] from = {0};
    return () -> {
      if (left[0]-- == 0) {
        return null;
      }
      float[] piece = new float[length];
      int there = Math.min(length, samples.length - from[0]);
      System.arraycopy(samples, from[0], piece, 0, there);
      from[0] += hop;
      return ordered(levels.of(spectrogram.of(piece)), 0);
    };
  }

  /** Spectra of the sound, cut afterwards. */
  private Windows ofWhole(float[] samples) {
    boolean padLater = PADDED_LATER.contains(preparation.level().kind());
    int enough = padLater ? samples.length : paddedSamples(samples.length);
    float[] padded = enough == samples.length ? samples : Arrays.copyOf(samples, enough);
    float[] frames = withContext(levels.of(spectrogram.of(padded)));
    int width = preparation.width();
    int hop = preparation.window().hop();
    int[] left = {count(frames.length / width, preparation.window().frames(), hop)};
    int[] from = {0};
    return () -> {
      if (left[0]-- == 0) {
        return null;
      }
      float[] window = ordered(frames, from[0]);
      from[0] += hop * width;
      return window;
    };
  }

  private int paddedSamples(int samples) {
    int hop = preparation.window().hop() * preparation.framing().hop();
    int first = spectrogram.samples(preparation.window().frames());
    int needed = first + (count(samples, first, hop) - 1) * hop;
    return Math.max(samples, needed);
  }

  private int count(int length, int window, int hop) {
    if (length <= window) {
      return 1;
    }
    int rest = length - window;
    return 1
        + (preparation.window().remainder() == Remainder.PAD ? (rest + hop - 1) / hop : rest / hop);
  }

  private float[] withContext(float[] frames) {
    if (preparation.context() == null) {
      return frames;
    }
    int width = preparation.width() / (2 * preparation.context() + 1);
    int count = frames.length / width;
    float[] wide = new float[Math.multiplyExact(count, preparation.width())];
    for (int i = 0; i < count; i++) {
      for (int j = -preparation.context(); j <= preparation.context(); j++) {
        if (i + j >= 0 && i + j < count) {
          int to = i * preparation.width() + (j + preparation.context()) * width;
          System.arraycopy(frames, (i + j) * width, wide, to, width);
        }
      }
    }
    return wide;
  }

  /** A window from a value on; zeros where there are no more. */
  private float[] ordered(float[] frames, int from) {
    int width = preparation.width();
    int count = preparation.window().frames();
    float[] window = new float[count * width];
    System.arraycopy(frames, from, window, 0, Math.min(window.length, frames.length - from));
    if (preparation.order() == Order.TIME_FIRST) {
      return window;
    }
    return turned(window, count, width);
  }

  /** In tiles, as each value of a row or a column lies in another line of a processor's cache. */
  private static float[] turned(float[] window, int rows, int columns) {
    float[] turned = new float[window.length];
    for (int top = 0; top < rows; top += TILE) {
      int bottom = Math.min(rows, top + TILE);
      for (int column = 0; column < columns; column++) {
        for (int row = top; row < bottom; row++) {
          turned[column * rows + row] = window[row * columns + column];
        }
      }
    }
    return turned;
  }

  /** Names the arithmetic up to a network's input, for fingerprints; constants are the card's. */
  public String version() {
    return decoder.version() + "+graft-audio-3";
  }
}
