package org.graft.audio;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.graft.sample.RejectedException;
import org.graft.weights.Damage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged sound files are refused or read, within bounds of memory and time; nothing else happens.
 * {@code -Dgraft.fuzz=N} sets how many are made of each, {@code -Dgraft.fuzz.from=I} which is
 * first.
 */
class HostileSoundTest {
  private static final int USUAL = 200;

  /** Of a file of some kB and the ten seconds that a sound may have at most. */
  private static final long MOST_ALLOCATED = 256L << 20;

  private static final long MOST_NANOSECONDS = 5_000_000_000L;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SoundDecoder decoder = new SoundDecoder(new SoundLimit(10));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compressed/vbr-48000-mono.mp3",
        "compressed/vbr-32000-stereo.mp3",
        "compressed/intensity.mp3",
        "compressed/cbr-8000-mono.mp3",
        "compressed/tags.mp3",
        "compressed/44100-stereo.ogg",
        "compressed/48000-6-channels.ogg",
        "compressed/short.ogg",
        "files/flac-16.flac",
        "files/extensible-8-channels.wav"
      })
  void damagedFilesAreRefusedOrRead(String name) {
    byte[] whole = AudioGolden.bytes(name);
    int most = Integer.getInteger("graft.fuzz", USUAL);
    int first = Integer.getInteger("graft.fuzz.from", 0);
    int refused = 0;
    long mostAllocated = 0;
    long mostNanoseconds = 0;
    for (int i = first; i < first + most; i++) {
      SplittableRandom random = new SplittableRandom(i);
      byte[] damaged = new Damage(random).of(whole);
      boolean mended = name.endsWith(".ogg") && random.nextInt(4) != 0;
      byte[] content = mended ? OggFile.of(damaged).bytes() : damaged;
      long start = THREAD.getCurrentThreadCpuTime();
      long before = THREAD.getCurrentThreadAllocatedBytes();
      refused += isRead(content, name + ", mutation " + i) ? 0 : 1;
      mostAllocated = Math.max(mostAllocated, THREAD.getCurrentThreadAllocatedBytes() - before);
      mostNanoseconds = Math.max(mostNanoseconds, THREAD.getCurrentThreadCpuTime() - start);
    }
    long allocated = mostAllocated;
    long nanoseconds = mostNanoseconds;
    assertTrue(refused > most / 50, refused + " of " + most + " refused");
    assertTrue(allocated <= MOST_ALLOCATED, () -> name + " allocated " + allocated + " bytes");
    assertTrue(nanoseconds < MOST_NANOSECONDS, () -> name + " took " + nanoseconds + " ns");
    if (Integer.getInteger("graft.fuzz") != null) {
      System.out.printf(
          "%s: %d damaged, %d refused, at most %d kB and %d ms%n",
          name, most, refused, allocated >> 10, nanoseconds / 1_000_000);
    }
  }

  /** Fails on anything but a refusal, a crash of the decoder's own among them. */
  private boolean isRead(byte[] content, String what) {
    try {
      decoder.decode(content);
      return true;
    } catch (RejectedException e) {
      if (e.getCause() != null) {
        fail(what + " threw " + e.getCause(), e.getCause());
      }
      return false;
    } catch (RuntimeException | Error e) {
      return fail(what + " threw " + e, e);
    }
  }
}
