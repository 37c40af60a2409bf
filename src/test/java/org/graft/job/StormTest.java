package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.graft.bundle.BundleReader;
import org.graft.common.Digest;
import org.graft.common.LocalStorage;
import org.graft.common.UserError;
import org.graft.fault.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A workspace on a store that fails at any moment, in any operation, and whose listings leave out
 * what was just written: the same command, again and again, gets through, and what is there then is
 * what an undisturbed run leaves. {@code -Dgraft.faults=N} goes on until so many operations failed,
 * {@code -Dgraft.seed=N} at other moments.
 */
class StormTest {
  private static final int LEAST_FAULTS = Integer.getInteger("graft.faults", 8);
  private static final long SEED = Long.getLong("graft.seed", 11);
  private static final int RARELY = 200;
  private static final int HIDDEN = 10;
  private static final int MOST_RUNS = 60;

  @TempDir Path folder;
  private final Faults faults = Faults.open();
  private BrokenJobs jobs;
  private int runs;

  @BeforeEach
  void open() throws IOException {
    jobs = new BrokenJobs(folder, faults.sparkSettings());
    jobs.pictures("cat", 14, 1);
    jobs.pictures("dog", 16, 2);
    Files.writeString(jobs.pictures.resolve("dog/broken.png"), "no picture");
  }

  @AfterEach
  void close() {
    jobs.close();
    faults.close();
  }

  private Printed run(String workspace) {
    return jobs.run(
        "workspace=" + faults.path(folder.resolve(workspace)),
        "limits.rejected=0.1",
        "lock.staleSeconds=1"); // all runs are this process, which is alive
  }

  @Test
  void whatGetsThroughIsWhatAnUndisturbedRunLeaves() throws IOException {
    Printed undisturbed = run("healthy");
    assertEquals(0, undisturbed.status(), undisturbed.err());
    int workspaces = 0;
    for (; faults.failures() < LEAST_FAULTS; workspaces++) {
      String workspace = "storm-" + workspaces;
      Printed last = through(workspace, SEED + workspaces);
      assertSame(undisturbed, last, workspace);
    }
    System.out.printf(
        "storm: %d operations failed and %d files were left out of listings in %d runs of %d"
            + " workspaces, all digests equal; seed %d%n",
        faults.failures(), faults.hidden(), runs, workspaces, SEED);
    assertTrue(faults.hidden() > 0, "no listing left anything out");
  }

  /** Until a run ends well; then once more in fair weather, which must find all done. */
  private Printed through(String workspace, long seed) throws IOException {
    String said = "";
    for (int run = 0; run < MOST_RUNS; ) {
      faults.storm(folder.resolve(workspace).toString(), 1000 * seed + run, RARELY, HIDDEN);
      Printed printed = run(workspace);
      faults.heal();
      assertNothingTorn(workspace);
      runs += printed.status() == 75 ? 0 : 1;
      if (printed.status() == 0) {
        return printed;
      }
      boolean locked = printed.status() == 75; // by a run that could not give its lock back
      assertTrue(locked || printed.status() == 1, printed.err());
      assertTrue(locked || told(printed).startsWith("Cannot "), printed.err());
      run += locked ? 0 : 1;
      said = locked ? said : printed.err();
    }
    throw new AssertionError(
        "not through after " + MOST_RUNS + " runs, seed " + seed + ": " + said);
  }

  private static String told(Printed printed) {
    return (String) printed.summary().get("message");
  }

  /** A version that is in use is whole. */
  private void assertNothingTorn(String workspace) throws IOException {
    Path model = folder.resolve(workspace).resolve("models/small");
    if (Files.exists(model.resolve("latest"))) {
      try {
        new BundleReader(new LocalStorage()).read(model.toString());
      } catch (UserError e) {
        throw new AssertionError("torn, seed " + SEED, e);
      }
    }
  }

  private void assertSame(Printed undisturbed, Printed after, String workspace) throws IOException {
    assertEquals(undisturbed.part("metrics"), after.part("metrics"));
    for (String count : List.of("indexed", "duplicates", "rejected")) {
      assertEquals(undisturbed.part("counts").get(count), after.part("counts").get(count), count);
    }
    assertEquals(files("healthy"), files(workspace));
    Printed again = run(workspace);
    assertEquals(0, again.status(), again.err());
    assertEquals(30L, ((Number) again.part("counts").get("reused")).longValue());
    assertEquals(files("healthy"), files(workspace));
  }

  /** Of the version in use, by name; the manifest holds the folder's name and the run's. */
  private NavigableMap<String, String> files(String workspace) throws IOException {
    Path model = folder.resolve(workspace).resolve("models/small");
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> files =
        Files.list(model.resolve(Files.readString(model.resolve("latest")).strip()))) {
      files.forEach(paths::add);
    }
    NavigableMap<String, String> digests = new TreeMap<>();
    for (Path path : paths) {
      String name = path.getFileName().toString();
      if (!name.equals("bundle.json") && !name.startsWith("_tmp.")) {
        digests.put(name, Digest.of(Files.readAllBytes(path)));
      }
    }
    assertTrue(digests.size() >= 4, digests::toString);
    return digests;
  }
}
