package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.graft.common.UserError;

/** Damages a sound file in many ways; a reader may refuse it, but nothing else. */
public final class Mutations {
  private static final long SECONDS = 4;

  private Mutations() {}

  /** What opens a file of the format under test. */
  public interface Opener {
    Tensors open(Path path) throws IOException;
  }

  /** Reads {@code count} damaged copies whole, or as many as a few seconds allow. */
  public static void survive(Path sound, Path scratch, int count, Opener opener)
      throws IOException {
    byte[] bytes = Files.readAllBytes(sound);
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    int refused = 0;
    int done = 0;
    for (; done < count && System.nanoTime() < end; done++) {
      byte[] damaged = damage(bytes, new SplittableRandom(done));
      Files.write(scratch, damaged);
      refused += read(scratch, opener, sound + ", mutation " + done) ? 0 : 1;
    }
    assertTrue(refused > done / 50, refused + " of " + done + " refused");
  }

  private static boolean read(Path path, Opener opener, String what) {
    try (Tensors tensors = opener.open(path)) {
      for (String name : tensors.names()) {
        tensors.read(name);
      }
      return true;
    } catch (UserError | IOException e) {
      return false;
    } catch (RuntimeException | Error e) {
      return fail(what + " threw " + e, e);
    }
  }

  /** A truncation, or one to four flipped bits, odd bytes, or runs of all ones or zeros. */
  private static byte[] damage(byte[] sound, SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      return Arrays.copyOf(sound, random.nextInt(sound.length));
    }
    byte[] damaged = sound.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(damaged.length);
      switch (random.nextInt(4)) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt(256);
        case 2 -> Arrays.fill(damaged, at, Math.min(at + 8, damaged.length), (byte) 0xff);
        default -> Arrays.fill(damaged, at, Math.min(at + 4, damaged.length), (byte) 0);
      }
    }
    return damaged;
  }
}
