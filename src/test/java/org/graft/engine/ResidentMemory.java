package org.graft.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process holds in memory off the Java heap, as Linux counts it. */
final class ResidentMemory {
  private static final Path MAPS = Path.of("/proc/self/smaps");
  private static final Pattern RANGE = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ .*");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");

  /**
   * A heap of less than 32 GiB lies in the first 32 GiB, so that pointers are short; it may grow to
   * its limit whatever anybody does. All else lies far above.
   */
  private static final long ABOVE_HEAP = 1L << 40;

  /** Code that is compiled, arenas that settle: less than 3 kB a batch. */
  private static final long NOISE = 24L << 20;

  private ResidentMemory() {}

  /** Does {@code work} {@code times}, and a fifth of that before. */
  static void assertDoesNotGrow(int times, Runnable work) throws IOException {
    assumeTrue(Files.isReadable(MAPS), "not Linux");
    repeat(times / 5, work);
    long before = bytes();
    repeat(times, work);
    long grown = bytes() - before;
    assertTrue(grown < NOISE, () -> "grew by " + grown + " bytes in " + times + " batches");
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  static long bytes() throws IOException {
    long bytes = 0;
    boolean counts = false;
    for (String line : Files.readAllLines(MAPS)) {
      Matcher range = RANGE.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (range.matches()) {
        counts = Long.parseUnsignedLong(range.group(1), 16) >= ABOVE_HEAP;
      } else if (counts && resident.matches()) {
        bytes += Long.parseLong(resident.group(1)) << 10;
      }
    }
    return bytes;
  }
}
