package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.bundle.BundleReader;
import org.graft.bundle.ModelBundle;
import org.graft.common.LocalStorage;
import org.graft.common.UserError;
import org.graft.fault.Faults;
import org.graft.fault.Faults.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * One workspace whose disk fails in one place after the other, each run coming a little further; in
 * the end the head is the one of a workspace where nothing ever failed.
 */
class FaultsTest {
  private static final String OTHER_HEAD = "train.l2=0.5";

  @TempDir static Path folder;
  private static final Faults faults = Faults.open();
  private BrokenJobs jobs;

  /**
   * A failure of the disk.
   *
   * @param on what fails, from its {@code nth} time on
   * @param names what the message must name, below the workspace
   */
  private record Fault(Operation operation, String on, int nth, String message, String names) {}

  private static final List<Fault> BEFORE_THE_FIRST_VERSION =
      List.of(
          new Fault(Operation.CREATE, "runs/[^/]+/_tmp.*", 1, Faults.DENIED, "runs/.*/run.json"),
          new Fault(Operation.WRITE, "index/.*/rows/.*parquet", 1, Faults.NO_SPACE, "index/.*rows"),
          new Fault(
              Operation.RENAME, "index/.*/_tmp.*", 1, Faults.NO_SPACE, "index/.*dataset.json"),
          new Fault(
              Operation.CREATE, "features/.*/part-.*", 1, Faults.DENIED, "features/.*/part-.*"),
          new Fault(
              Operation.WRITE, "features/.*/part-.*", 2, Faults.NO_SPACE, "features/.*/part-"),
          new Fault(
              Operation.CLOSE, "features/.*/part-.*", 1, Faults.NO_SPACE, "features/.*/part-"),
          new Fault(
              Operation.RENAME, "features/.*/_tmp.*", 2, Faults.NO_SPACE, "features/.*_commit-"),
          new Fault(
              Operation.RENAME, "features/.*/_tmp.*", 2, Faults.NO_SPACE, "features/.*_manifest-1"),
          new Fault(Operation.WRITE, "heads/.*", 1, Faults.NO_SPACE, "heads/.*/head.safetensors"),
          new Fault(Operation.CREATE, "heads/.*", 3, Faults.DENIED, "heads/.*/history.json"),
          new Fault(Operation.CREATE, "runs/[^/]+/_tmp.*", 2, Faults.DENIED, "runs/.*/dataset"),
          new Fault(Operation.CREATE, "runs/[^/]+/_tmp.*", 4, Faults.NO_SPACE, "runs/.*/training"),
          new Fault(
              Operation.CREATE, "runs/[^/]+/_tmp.*", 5, Faults.NO_SPACE, "runs/.*/evaluation"));

  private static final List<Fault> BEFORE_THE_SECOND =
      List.of(
          new Fault(Operation.WRITE, "models/small/2/.*", 2, Faults.NO_SPACE, "models/small/2/.*"),
          new Fault(
              Operation.CLOSE, "models/small/2/.*", 6, Faults.NO_SPACE, "models/small/2/bundle"),
          new Fault(
              Operation.RENAME, "models/small/_tmp.*", 1, Faults.DENIED, "models/small/latest"));

  @BeforeEach
  void open() throws IOException {
    jobs = new BrokenJobs(folder, faults.sparkSettings());
    jobs.pictures("cat", 14, 1);
    jobs.pictures("dog", 16, 2);
  }

  @AfterEach
  void close() {
    jobs.close();
    faults.close();
  }

  private Printed run(String workspace, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("workspace=" + faults.path(folder.resolve(workspace)));
    return jobs.run(all.toArray(String[]::new));
  }

  private static ModelBundle bundle(String workspace) throws IOException {
    return new BundleReader(new LocalStorage()).read(folder + "/" + workspace + "/models/small");
  }

  @TestFactory
  List<DynamicTest> everyStepFailsInTurn() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Fault fault : BEFORE_THE_FIRST_VERSION) {
      tests.add(
          test(
              fault,
              () -> {
                assertFails(fault);
                assertThrows(UserError.class, () -> bundle("failing"));
              }));
    }
    tests.add(DynamicTest.dynamicTest("then all is well", () -> assertSameAsUndisturbed(1)));
    for (Fault fault : BEFORE_THE_SECOND) {
      tests.add(
          test(
              fault,
              () -> {
                assertFails(fault, OTHER_HEAD);
                assertTrue(bundle("failing").path().endsWith("/models/small/1"));
              }));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "then all is well again", () -> assertSameAsUndisturbed(2, OTHER_HEAD)));
    return tests;
  }

  private static DynamicTest test(Fault fault, Executable body) {
    return DynamicTest.dynamicTest(
        "%s of %s: %s".formatted(fault.operation, fault.names, fault.message), body);
  }

  private void assertFails(Fault fault, String... overrides) {
    int failures = faults.failures();
    faults.fail(fault.operation, ".*/failing/" + fault.on, fault.nth, fault.message);
    Printed printed = run("failing", overrides);
    faults.heal();
    assertTrue(faults.failures() > failures, "nothing failed");
    assertEquals(1, printed.status(), printed.err());
    String told = printed.err().lines().filter(l -> l.startsWith("graft: ")).findFirst().orElse("");
    assertTrue(told.contains(fault.message), printed.err());
    assertTrue(told.matches(".*/failing/" + fault.names + ".*"), told);
    assertTrue(told.contains("run the same command again: what was committed is kept"), told);
    assertFalse(printed.err().contains("\tat "), printed.err());
    assertEquals(told.substring("graft: ".length()), printed.summary().get("message"));
  }

  private void assertSameAsUndisturbed(int version, String... overrides) throws IOException {
    Printed healthy = run("healthy", overrides);
    assertEquals(0, healthy.status(), healthy.err());
    Printed after = run("failing", overrides);
    assertEquals(0, after.status(), after.err());
    assertEquals(30L, ((Number) after.part("counts").get("reused")).longValue());
    assertEquals(healthy.part("metrics"), after.part("metrics"));
    assertEquals(
        bundle("healthy").content().head().sha256(), bundle("failing").content().head().sha256());
    assertTrue(bundle("failing").path().endsWith("/models/small/" + version));
  }
}
