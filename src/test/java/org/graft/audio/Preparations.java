package org.graft.audio;

import java.util.Map;
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
import org.graft.backbone.BackboneCatalog;

/** The published front ends: those of cards, and of networks that have none. */
final class Preparations {
  private static final Map<String, String> CARDS =
      Map.of(
          "vggish", "vggish.audioset",
          "yamnet", "yamnet.audioset",
          "yamnet-short", "yamnet.audioset",
          "openl3-mel128", "openl3_mel128.music",
          "openl3-mel256", "openl3_mel256.env",
          "speech-embedding", "speech_embedding.google");

  private Preparations() {}

  static AudioPreparation of(String name) {
    return switch (name) {
      case "deepspeech" ->
          new AudioPreparation(
              16_000,
              null,
              null,
              new Framing(512, 320, 512, Taper.HANN, Edges.WHOLE, null),
              new Mel(40, 20, 8000, Scale.HTK, Filters.SHARED, Energy.MAGNITUDE),
              new Level(Kind.CEPSTRUM, 1e-12, 26),
              9,
              new Window(16, 16, null, Remainder.PAD),
              Order.TIME_FIRST,
              null);
      case "quartznet" ->
          new AudioPreparation(
              16_000,
              null,
              null,
              new Framing(320, 160, 512, Taper.HANN_SYMMETRIC, Edges.REFLECT, 0.97),
              new Mel(64, 0, 8000, Scale.SLANEY, Filters.IN_HERTZ, Energy.POWER),
              new Level(Kind.LOG_NORMALISED, 0x1p-24, null),
              null,
              new Window(256, 256, null, Remainder.PAD),
              Order.BANDS_FIRST,
              null);
      default -> BackboneCatalog.card(CARDS.get(name)).audio();
    };
  }
}
