package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.graft.common.Json;
import org.graft.doctor.Finding;
import org.graft.doctor.Finding.Health;
import org.graft.job.Launch.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder;

  @Test
  void looksAtEverythingWithoutAConfig() throws IOException {
    Path json = folder.resolve("doctor.json");
    Ended ended = Launch.LOCAL.run("doctor", "--json", json.toString()).well();
    List<String> names = ended.summary().at("/metrics/findings").findValuesAsText("name");
    assertTrue(names.containsAll(List.of("java", "dl4j", "onnxruntime", "spark")), names::toString);
    assertEquals(names.size(), ended.count("looks"));
    assertTrue(
        ended.out().stream().anyMatch(line -> line.matches("spark +ok +3\\.5\\..*Scala 2\\.12.*")));
    assertEquals(ended.summary(), Json.mapper().readTree(Files.readString(json)));
  }

  @Test
  void aWorkspaceThatCannotBeWrittenFails() throws IOException {
    TinyJob job = TinyJob.in(folder, 8);
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Ended ended = job.verb("doctor", "workspace=" + file.resolve("below"));
    assertEquals(1, ended.status());
    assertEquals("failed", ended.outcome());
    assertEquals(1, ended.count("failures"));
    assertTrue(ended.err().contains("graft: Cannot work here: workspace."), ended.err());
    String lines = String.join("\n", ended.out());
    assertTrue(lines.contains("-> Correct workspace, or the rights"), lines);
  }

  @Test
  void aSettingNeedsAConfig() throws IOException {
    Ended ended = Launch.LOCAL.run("doctor", "-s", "workspace=x");
    assertEquals(2, ended.status());
    assertTrue(ended.err().contains("Cannot run 'doctor': no config given."), ended.err());
  }

  @Test
  void whatIsAmissOrNotAlikeAtExecutorsIsTold() {
    List<ExecutorFindings> two =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    new ExecutorFindings(
                        "" + i,
                        "host" + i,
                        List.of(
                            Finding.ok("processor", i == 0 ? "old" : "new"),
                            Finding.ok("dl4j", "dl4j 1"),
                            Finding.ok("onnxruntime", "onnxruntime 1"),
                            Finding.ok("jpeg", "turbo"),
                            new Finding(
                                "java", i == 0 ? Health.OK : Health.FAILURE, "11", "Take 17."))))
            .toList();
    List<Finding> told = ExecutorFindings.inShort(two);
    assertEquals(
        List.of(
            Finding.ok("executors", "2, on hosts: 2"),
            Finding.failure("java", "executor 1 on host1: 11", "Take 17.")),
        told.subList(0, 2));
    assertEquals(3, told.size());
    assertEquals(Health.WARNING, told.get(2).health());
    assertEquals(
        "not the same everywhere: new (executors [1]); old (executors [0])", told.get(2).value());
  }

  @Test
  void anotherSparkFails() {
    Finding old = ClusterLooks.version("3.3.4", "2.12.15");
    assertEquals(Health.FAILURE, old.health());
    assertTrue(old.fix().contains("Spark 3.5.x with Scala 2.12.x"), old::fix);
  }
}
