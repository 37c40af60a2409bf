package org.graft.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  /** What leaks grows in every part; code that is compiled and arenas that settle, in some. */
  private static final int PARTS = 5;

  /** Of one batch, in the part that grew least: a tensor of the smallest test input has more. */
  private static final long NOISE = 1 << 10;

  private ResidentMemory() {}

  /** Does {@code work} {@code times} in parts, and a part's work before. */
  static void assertDoesNotGrow(int times, Runnable work) throws IOException {
    assumeTrue(Files.isReadable(MAPS), "not Linux");
    int part = times / PARTS;
    repeat(part, work);
    List<Long> grown = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      long before = bytes();
      repeat(part, work);
      grown.add(bytes() - before);
    }
    assertTrue(
        Collections.min(grown) < NOISE * part,
        () -> "grew by " + grown + " bytes in parts of " + part + " batches");
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
