package org.graft.audio;

import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;

/**
 * Bytes of a sound file to one channel of samples: WAV, FLAC, MP3 and Ogg Vorbis by readers of our
 * own; other formats are refused by name. The content decides which it is, never the file's name.
 * Channels are averaged. Thread-safe.
 */
public final class SoundDecoder {
  private final SoundLimit limit;

  public SoundDecoder(SoundLimit limit) {
    this.limit = limit;
  }

  /**
   * @throws RejectedException for any bytes that are not a whole, healthy sound within the limits;
   *     nothing else is ever thrown
   */
  public Sound decode(byte[] content) throws RejectedException {
    SoundFormat format = SoundFormat.of(content);
    try {
      return switch (format) {
        case WAV -> checked(format, new WavReader(limit).read(content));
        case FLAC -> checked(format, new FlacReader(limit).read(content));
        case MP3 -> checked(format, new Mp3Reader(limit).read(content));
        case OGG -> checked(format, new VorbisReader(limit).read(content));
        default -> throw format.refusal(content);
      };
    } catch (RuntimeException e) { // a file's doing, not ours
      throw new RejectedException(Reason.CORRUPT, format + " cannot be decoded: " + e, e);
    }
  }

  private static Sound checked(SoundFormat format, Sound sound) throws RejectedException {
    float[] samples = sound.samples();
    if (samples.length == 0) {
      throw new RejectedException(Reason.EMPTY, format + " holds no samples");
    }
    for (int i = 0; i < samples.length; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new RejectedException(
            Reason.NOT_FINITE, "%s holds %s at sample %d".formatted(format, samples[i], i));
      }
    }
    return sound;
  }

  /** Names the samples' arithmetic, for fingerprints. */
  public String version() {
    return "graft-sound-2";
  }
}
