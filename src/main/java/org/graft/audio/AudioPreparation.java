package org.graft.audio;

import org.graft.common.Checks;
import org.graft.sample.WindowPooling;

/**
 * How a sound becomes the windows that a network takes, exactly as the weights' authors did it: one
 * channel at {@code sampleRate}, frames, spectra, mel bands, levels, windows. In numbers, so that a
 * card says all of it.
 *
 * @param sampleRate in Hz
 * @param gain what samples of -1..1 are multiplied by, or null for 1 ({@code 32768}: as integers)
 * @param silence samples of silence put before every sound, or null for none: networks that heard
 *     streams want the end of a word at the end of a window
 * @param framing how a sound is cut into spectra
 * @param mel the bands that a spectrum is gathered into
 * @param level what becomes of a band's energy
 * @param context frames on each side that every frame brings along, or null for none: {@code (2
 *     context + 1) * width} values a frame, silence before and behind the sound
 * @param window what the network takes at once
 * @param order of a window's values
 * @param pooling how the windows' features become one vector; null: {@link WindowPooling#MEAN}
 */
public record AudioPreparation(
    int sampleRate,
    Double gain,
    Integer silence,
    Framing framing,
    Mel mel,
    Level level,
    Integer context,
    Window window,
    Order order,
    WindowPooling pooling) {
  private static final int COPIES = 4;

  /** The window function over a frame. */
  public enum Taper {
    /** Hann of period {@code length}: TensorFlow's, scipy's {@code fftbins=True}. */
    HANN,
    /** Hann that ends on zero: torch's {@code periodic=False}. */
    HANN_SYMMETRIC
  }

  /** Which samples the first and last frames see. */
  public enum Edges {
    /** Only whole frames of {@code length}: TensorFlow's. */
    WHOLE,
    /**
     * Only whole frames of {@code fft} samples, the taper in their middle: {@code center=False}.
     */
    WHOLE_FFT,
    /** {@code fft / 2} samples mirrored at both ends: librosa's and torch's {@code center=True}. */
    REFLECT,
    /** TensorFlow's padding "SAME": as many zeros as give {@code ceil(samples / hop)} frames. */
    SAME
  }

  /**
   * @param length of a frame, in samples
   * @param hop from frame to frame, in samples
   * @param fft the transform's length, a power of two, of at least {@code length}
   * @param preemphasis {@code x[i] - preemphasis * x[i - 1]} beforehand, or null for none
   */
  public record Framing(
      int length, int hop, int fft, Taper taper, Edges edges, Double preemphasis) {
    public Framing {
      Checks.argument(length > 1 && hop > 0, "frames of %d samples every %d", length, hop);
      Checks.argument(
          Integer.bitCount(fft) == 1 && fft >= Math.max(16, length) && fft <= 65_536,
          "fft must be a power of two of %d to 65536: %d",
          Math.max(16, length),
          fft);
    }
  }

  /** From Hz to mel. */
  public enum Scale {
    HTK,
    /** Linear below 1 kHz (Slaney's Auditory Toolbox): librosa's own. */
    SLANEY
  }

  /** The triangles over the spectrum. */
  public enum Filters {
    /** Straight in mel, the first bin left out: {@code tf.signal.linear_to_mel_weight_matrix}. */
    IN_MEL,
    /** Straight in Hz, each of area one: {@code librosa.filters.mel}. */
    IN_HERTZ,
    /**
     * As TensorFlow's {@code Mfcc} operator has them: whole bins go to a band and its neighbour.
     */
    SHARED
  }

  /** What the filters gather. */
  public enum Energy {
    MAGNITUDE,
    POWER,
    /** The root of gathered powers. */
    ROOT_OF_POWER
  }

  /**
   * @param bands how many
   * @param lowest where the first triangle begins, in Hz
   * @param highest where the last one ends, in Hz
   */
  public record Mel(
      int bands, double lowest, double highest, Scale scale, Filters filters, Energy energy) {
    public Mel {
      Checks.argument(
          bands > 0 && lowest >= 0 && highest > lowest,
          "%d bands from %s to %s Hz",
          bands,
          lowest,
          highest);
    }
  }

  /** What becomes of the bands. */
  public enum Kind {
    /** {@code ln(x + guard)}. */
    LOG,
    /** {@code ln(x + guard)}, each band to mean 0 and deviation 1 over the sound (NeMo). */
    LOG_NORMALISED,
    /** {@code 10 log10(max(x, guard))}, below the loudest value of the window, at most by 80. */
    DECIBEL_BELOW_PEAK,
    /** {@code log10(max(x, guard)) + 2}, at most 8 below the loudest value of the sound. */
    DECIBEL_TENTHS,
    /** The cosine transform of {@code ln(max(x, guard))}: MFCC. */
    CEPSTRUM
  }

  /**
   * @param coefficients how many are kept of a CEPSTRUM; else null
   */
  public record Level(Kind kind, double guard, Integer coefficients) {
    public Level {
      Checks.argument(guard > 0, "guard must be positive: %s", guard);
      Checks.argument(
          (kind == Kind.CEPSTRUM) == (coefficients != null),
          "a CEPSTRUM has coefficients, and nothing else");
    }
  }

  /** What happens to frames that fill no window. */
  public enum Remainder {
    /** They are left out, unless they are all there is. */
    DROP,
    /** The last window is filled up in the same way. */
    PAD
  }

  /**
   * A sound shorter than one window is filled up: with silence, or after LOG_NORMALISED and
   * CEPSTRUM with zeros.
   *
   * @param frames of a window
   * @param hop from window to window, in frames; in samples where {@code samples} is given
   * @param samples of a window, where spectra are of each window alone and not of the sound
   *     (OpenL3); else null
   */
  public record Window(int frames, int hop, Integer samples, Remainder remainder) {
    public Window {
      Checks.argument(frames > 0 && hop > 0, "windows of %d frames every %d", frames, hop);
    }
  }

  /** Which index runs fastest. */
  public enum Order {
    /** {@code [frames][bands]}: height is time. */
    TIME_FIRST,
    /** {@code [bands][frames]}: width is time. */
    BANDS_FIRST
  }

  public AudioPreparation {
    Checks.argument(silence == null || silence > 0, "silence must be positive: %s", silence);
    Checks.argument(sampleRate > 0, "sampleRate must be positive: %d", sampleRate);
    Checks.argument(
        mel.highest() <= sampleRate / 2.0,
        "bands end at %s Hz, above half of %d",
        mel.highest(),
        sampleRate);
    Checks.argument(context == null || context > 0, "context must be positive: %s", context);
    Checks.argument(
        level.coefficients() == null || level.coefficients() <= mel.bands(),
        "%s coefficients of %d bands",
        level.coefficients(),
        mel.bands());
    pooling = pooling == WindowPooling.MEAN ? null : pooling;
  }

  /** Values of a frame. */
  public int width() {
    int own = level.coefficients() != null ? level.coefficients() : mel.bands();
    return context == null ? own : own * (2 * context + 1);
  }

  /** Values of a window. */
  public int windowLength() {
    return window.frames() * width();
  }

  /**
   * About the most heap that a sound of {@code sampleRate} takes while it is prepared: as it was
   * decoded, resampled, amplified and filled up, and the frames of it.
   *
   * @return bytes
   */
  public long heap(int seconds) {
    long samples = (long) seconds * sampleRate;
    long frames = window.samples() != null ? 0 : samples / framing.hop() * width();
    return (COPIES * samples + frames) * Float.BYTES;
  }
}
