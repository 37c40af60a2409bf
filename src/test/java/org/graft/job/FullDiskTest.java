package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.graft.bundle.BundleReader;
import org.graft.common.LocalStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A workspace on a real file system that is too small, and grows a little after each run that
 * failed for it. Where nothing may be mounted this is skipped; {@link FaultsTest} fills a disk that
 * is none.
 */
class FullDiskTest {
  private static final int PAGE = 4096;
  private static final List<Double> SHARES = List.of(0.2, 0.6, 4.0);

  @TempDir Path folder;
  private Path disk;

  private static boolean works(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      assertTrue(works("umount", "-l", disk.toString()));
    }
  }

  private void mount(long bytes) throws Exception {
    Path place = folder.resolve("disk");
    String size = "size=" + bytes;
    if (disk != null) {
      assertTrue(works("mount", "-o", "remount," + size, place.toString()));
      return;
    }
    Files.createDirectories(place);
    boolean mounted = works("mount", "-t", "tmpfs", "-o", size, "tmpfs", place.toString());
    assumeTrue(mounted, "nothing can be mounted here");
    disk = place;
  }

  /** As a file system of pages counts it. */
  private static long size(Path of) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(of)) {
      for (Path file : files.toList()) {
        bytes += Files.isRegularFile(file) ? (Files.size(file) + PAGE - 1) / PAGE * PAGE : 0;
      }
    }
    return bytes;
  }

  /** A run that failed could not give its lock back on a full disk, and its process is this one. */
  private Printed afterTheLock(BrokenJobs jobs) {
    Printed printed;
    do {
      printed = jobs.run("workspace=" + disk + "/ws", "lock.staleSeconds=1");
    } while (printed.status() == 75);
    return printed;
  }

  @Test
  void itIsToldAndWhenThereIsSpaceTheSameComesOut() throws Exception {
    mount(1 << 20);
    try (BrokenJobs jobs = new BrokenJobs(folder, Map.of())) {
      jobs.pictures("cat", 14, 1);
      jobs.pictures("dog", 16, 2);
      Path healthy = folder.resolve("healthy");
      Printed undisturbed = jobs.run("workspace=" + healthy, "lock.staleSeconds=1");
      assertEquals(0, undisturbed.status(), undisturbed.err());
      long whole = size(healthy);
      int full = 0;
      Printed printed = null;
      for (double share : SHARES) {
        mount((long) (share * whole));
        printed = afterTheLock(jobs);
        if (printed.status() == 0) {
          break;
        }
        full++;
        assertEquals(1, printed.status(), printed.err());
        String told = (String) printed.summary().get("message");
        assertTrue(told.startsWith("Cannot write: the disk is full ("), printed.err());
        assertTrue(told.contains(disk.toString()), told);
      }
      assertEquals(0, printed.status(), printed.err());
      assertTrue(full == 2, full + " times");
      assertEquals(undisturbed.part("metrics"), printed.part("metrics"));
      BundleReader reader = new BundleReader(new LocalStorage());
      assertEquals(
          reader.read(healthy + "/models/small").content().head(),
          reader.read(disk + "/ws/models/small").content().head());
    }
  }
}
