package org.graft.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.graft.audio.AudioFrontEnd;
import org.graft.audio.AudioPreparation;
import org.graft.audio.SincResampler;
import org.graft.audio.Sound;
import org.graft.audio.SoundDecoder;
import org.graft.audio.SoundLimit;
import org.graft.bench.BenchRecord.What;
import org.graft.sample.RejectedException;
import org.graft.sample.Windows;

/**
 * Recordings to networks' inputs: whole front ends from files at the card's rate and at that of
 * CDs, and the parts that they share, decoding and resampling. Rates are seconds of sound a second.
 */
final class AudioBench {
  private static final SoundLimit LIMIT = new SoundLimit(SoundLimit.MOST_SECONDS);
  private static final int SECONDS = 30;
  private static final int CD = 44_100;

  private final Rounds rounds;
  private final List<Integer> threads;
  private final Stages stages = new Stages();
  private final Set<Integer> resampledTo = new HashSet<>();

  AudioBench(Rounds rounds, List<Integer> threads) {
    this.rounds = rounds;
    this.threads = threads;
  }

  /**
   * @param backbones name to how it hears
   * @param files of users, by the ending of their names
   */
  List<BenchRecord> run(Map<String, AudioPreparation> backbones, Map<String, List<byte[]>> files)
      throws RejectedException {
    SoundDecoder decoder = new SoundDecoder(LIMIT);
    for (Map.Entry<String, AudioPreparation> backbone : backbones.entrySet()) {
      AudioPreparation how = backbone.getValue();
      AudioFrontEnd frontEnd = new AudioFrontEnd(how, LIMIT);
      byte[] own = BenchSounds.noise(how.sampleRate(), SECONDS);
      byte[] cd = BenchSounds.noise(CD, SECONDS);
      add(backbone.getKey(), how.sampleRate() + " Hz", SECONDS, () -> heard(frontEnd, own));
      add(backbone.getKey(), CD + " Hz", SECONDS, () -> heard(frontEnd, cd));
      resampling(how.sampleRate(), decoder.decode(cd));
    }
    byte[] wav = BenchSounds.noise(CD, SECONDS);
    add("", "decode wav", SECONDS, () -> decoder.decode(wav));
    for (Map.Entry<String, List<byte[]>> kind : files.entrySet()) {
      decoding(decoder, kind.getKey(), kind.getValue());
    }
    return stages.run(rounds);
  }

  private void resampling(int rate, Sound sound) {
    if (rate != CD && resampledTo.add(rate)) {
      String name = "resample " + CD + " to " + rate;
      SincResampler resampler = SincResampler.of(CD, rate);
      add("", name, SECONDS, () -> resampler.resample(sound.samples()));
    }
  }

  /** All files of a kind, one after the other. */
  private void decoding(SoundDecoder decoder, String kind, List<byte[]> files)
      throws RejectedException {
    double seconds = 0;
    for (byte[] file : files) {
      seconds += decoder.decode(file).seconds();
    }
    AtomicInteger next = new AtomicInteger();
    add(
        "",
        "decode " + kind + " files",
        seconds / files.size(),
        () -> decoder.decode(files.get(Math.floorMod(next.getAndIncrement(), files.size()))));
  }

  private void add(String backbone, String name, double seconds, Contender.Work work) {
    for (int count : threads) {
      String title = "%s %s".formatted(backbone.isEmpty() ? "any" : backbone, name);
      stages.add(
          new Contender(title, count, 1, work),
          (rate, turns) ->
              new BenchRecord(
                  What.AUDIO,
                  backbone,
                  "graft",
                  "-",
                  1,
                  count,
                  rate.perSecond() * seconds,
                  rate.perCpuSecond() * seconds,
                  null,
                  Map.of("stage", name, "rounds", turns)));
    }
  }

  private static void heard(AudioFrontEnd frontEnd, byte[] file) throws RejectedException {
    Windows windows = frontEnd.windows(file);
    while (windows.next() != null) {
      // made and dropped, as a network would take it
    }
  }
}
