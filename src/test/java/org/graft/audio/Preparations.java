package org.graft.audio;

import org.graft.audio.AudioPreparation.Edges;
import org.graft.audio.AudioPreparation.Energy;
import org.graft.audio.AudioPreparation.Filters;
import org.graft.audio.AudioPreparation.Framing;
import org.graft.audio.AudioPreparation.Kind;
import org.graft.audio.AudioPreparation.Level;
import org.graft.audio.AudioPreparation.Mel;
import org.graft.audio.AudioPreparation.Order;
import org.graft.audio.AudioPreparation.Remainder;
import org.graft.audio.AudioPreparation.Scale;
import org.graft.audio.AudioPreparation.Taper;
import org.graft.audio.AudioPreparation.Window;

/** The published front ends. */
final class Preparations {
  private static final Framing AUDIO_SET =
      new Framing(400, 160, 512, Taper.HANN, Edges.WHOLE, null);
  private static final Mel AUDIO_SET_MEL =
      new Mel(64, 125, 7500, Scale.HTK, Filters.IN_MEL, Energy.MAGNITUDE);

  private Preparations() {}

  static AudioPreparation of(String name) {
    return switch (name) {
      case "vggish" ->
          new AudioPreparation(
              16_000,
              null,
              AUDIO_SET,
              AUDIO_SET_MEL,
              new Level(Kind.LOG, 0.01, null),
              null,
              new Window(96, 96, null, Remainder.DROP),
              Order.TIME_FIRST,
              null,
              null);
      case "yamnet", "yamnet-short" ->
          new AudioPreparation(
              16_000,
              null,
              AUDIO_SET,
              AUDIO_SET_MEL,
              new Level(Kind.LOG, 0.001, null),
              null,
              new Window(96, 48, null, Remainder.PAD),
              Order.TIME_FIRST,
              null,
              null);
      case "openl3-mel128" -> openL3(128);
      case "openl3-mel256" -> openL3(256);
      case "deepspeech" ->
          new AudioPreparation(
              16_000,
              null,
              new Framing(512, 320, 512, Taper.HANN, Edges.WHOLE, null),
              new Mel(40, 20, 8000, Scale.HTK, Filters.SHARED, Energy.MAGNITUDE),
              new Level(Kind.CEPSTRUM, 1e-12, 26),
              9,
              new Window(16, 16, null, Remainder.PAD),
              Order.TIME_FIRST,
              null,
              null);
      case "quartznet" ->
          new AudioPreparation(
              16_000,
              null,
              new Framing(320, 160, 512, Taper.HANN_SYMMETRIC, Edges.REFLECT, 0.97),
              new Mel(64, 0, 8000, Scale.SLANEY, Filters.IN_HERTZ, Energy.POWER),
              new Level(Kind.LOG_NORMALISED, 0x1p-24, null),
              null,
              new Window(256, 256, null, Remainder.PAD),
              Order.BANDS_FIRST,
              null,
              null);
      case "speech-embedding" ->
          new AudioPreparation(
              16_000,
              32_768.0,
              new Framing(400, 160, 512, Taper.HANN, Edges.WHOLE_FFT, null),
              new Mel(32, 60, 3800, Scale.SLANEY, Filters.IN_HERTZ, Energy.POWER),
              new Level(Kind.DECIBEL_TENTHS, 1e-10, null),
              null,
              new Window(76, 8, null, Remainder.DROP),
              Order.TIME_FIRST,
              null,
              null);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static AudioPreparation openL3(int bands) {
    return new AudioPreparation(
        48_000,
        null,
        new Framing(2048, 242, 2048, Taper.HANN, Edges.SAME, null),
        new Mel(bands, 0, 24_000, Scale.HTK, Filters.IN_HERTZ, Energy.ROOT_OF_POWER),
        new Level(Kind.DECIBEL_BELOW_PEAK, 1e-10, null),
        null,
        new Window(199, 24_000, 48_000, Remainder.PAD),
        Order.BANDS_FIRST,
        null,
        null);
  }
}
