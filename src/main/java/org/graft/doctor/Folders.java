package org.graft.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LongSummaryStatistics;
import java.util.stream.Stream;

/** Folders on local disks that Graft writes to. */
final class Folders {
  private static final long MIB = 1 << 20;
  private static final long LEAST_FREE = 1024 * MIB;

  private Folders() {}

  /** Native libraries are unpacked there and run, and Spark spills there. */
  static Finding temporary(Path folder) {
    String fix = "Set java.io.tmpdir to a folder that is writable and not mounted noexec.";
    try {
      Path file = Files.createTempFile(folder, "graft-doctor", ".so");
      try {
        boolean runs = file.toFile().setExecutable(true) && Files.isExecutable(file);
        return runs
            ? free("temporary files", folder, "")
            : Finding.failure("temporary files", folder + ": nothing there may be executed", fix);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return Finding.failure("temporary files", folder + ": not writable (" + e + ")", fix);
    }
  }

  /** It need not be there yet. */
  static Finding cache(Path folder) {
    try {
      Path there = folder.toAbsolutePath();
      while (!Files.exists(there)) {
        there = there.getParent();
      }
      if (!Files.isDirectory(there) || !Files.isWritable(there)) {
        return Finding.warning(
            "weights cache",
            folder + ": not writable",
            "Weights cannot be fetched: set GRAFT_CACHE to a writable folder.");
      }
      return free(
          "weights cache", there, there.equals(folder.toAbsolutePath()) ? held(folder) : ", empty");
    } catch (IOException | UncheckedIOException e) {
      return Finding.warning(
          "weights cache", folder + ": " + e.getMessage(), "Set GRAFT_CACHE to a readable folder.");
    }
  }

  private static String held(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      LongSummaryStatistics sizes =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .mapToLong(file -> file.toFile().length())
              .summaryStatistics();
      return ", %d files of %d MiB".formatted(sizes.getCount(), sizes.getSum() / MIB);
    }
  }

  private static Finding free(String name, Path folder, String more) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    String value = "%s%s, %d MiB free".formatted(folder, more, free / MIB);
    return free >= LEAST_FREE
        ? Finding.ok(name, value)
        : Finding.warning(name, value, "Make room: %d MiB or more.".formatted(LEAST_FREE / MIB));
  }
}
