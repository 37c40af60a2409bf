package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.graft.common.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit/systemd} and {@code submit/cron}: what they call, and what they do with its end.
 */
class SchedulerFilesTest {
  @TempDir Path folder;

  @Test
  void theUnitRunsAJobForToday() throws Exception {
    String unit = Files.readString(Path.of("submit/systemd/graft@.service"));
    Matcher command = Pattern.compile("(?m)^ExecStart=/bin/bash -c '(.*)'$").matcher(unit);
    assertTrue(command.find(), unit);
    String shell = command.group(1).replace("%i", "nightly").replace("%%", "%").replace("$$", "$");
    CommandInFile run =
        CommandInFile.run(folder, shell, Map.of("GRAFT_OPTIONS", "--executor-memory 3g -s a=b"));
    Arguments arguments = run.arguments();
    assertEquals(Verb.RUN, arguments.verb());
    assertEquals(Path.of("/etc/graft/nightly.yaml"), arguments.config());
    assertEquals(List.of("a=b"), arguments.overrides());
    assertTrue(arguments.given().ifChanged());
    assertTrue(arguments.given().runDate() != null);
    assertEquals("3g", run.option("--executor-memory"));
    assertTrue(unit.contains("\nOnFailure=graft-failed@%i.service\n"), unit);
  }

  @Test
  void theUnitTriesAgainWhatMayGoBetter() throws IOException {
    String unit = Files.readString(Path.of("submit/systemd/graft@.service"));
    assertTrue(unit.contains("\nRestart=on-failure\n"), unit);
    Matcher never = Pattern.compile("(?m)^RestartPreventExitStatus=(.*)$").matcher(unit);
    assertTrue(never.find(), unit);
    assertEquals(
        Stream.of(ExitCode.BAD_INPUT, ExitCode.GATE_MISSED, ExitCode.TOO_MANY_REJECTED)
            .map(code -> "" + code.status())
            .toList(),
        List.of(never.group(1).split(" ", -1)));
  }

  @Test
  void systemdTakesTheUnits() throws Exception {
    Path analyze = Path.of("/usr/bin/systemd-analyze");
    assumeTrue(Files.isExecutable(analyze), "no systemd here");
    try (Stream<Path> units = Files.list(Path.of("submit/systemd"))) {
      for (Path unit : units.toList()) {
        String name = unit.getFileName().toString();
        Files.copy(unit, folder.resolve(name.replace("@", "@nightly")));
      }
    }
    List<String> command = new ArrayList<>(List.of(analyze.toString(), "verify"));
    for (String unit : List.of("graft@nightly.service", "graft@nightly.timer")) {
      command.add(folder.resolve(unit).toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    String ours = String.join("\n", said.lines().filter(line -> line.contains("graft")).toList());
    assertEquals("", ours);
  }

  @Test
  void cronsLineCallsTheScript() throws IOException {
    String line =
        Files.readAllLines(Path.of("submit/cron/graft.cron")).stream()
            .filter(l -> l.contains("/opt/graft/"))
            .findFirst()
            .orElseThrow();
    Matcher parts =
        Pattern.compile(
                "([0-9*/,-]+ ){5}graft /opt/graft/(submit/cron/job) /etc/graft/nightly.yaml")
            .matcher(line);
    assertTrue(parts.matches(), line);
    assertTrue(Files.isExecutable(Path.of(parts.group(2))), line);
  }

  @Test
  void cronHearsOnlyWhatAPersonMustKnow() throws Exception {
    assertEquals(new Said(0, ""), cron("0"));
    assertEquals(new Said(0, ""), cron("75 4 1 0"));
    Said gate = cron("3 0");
    assertEquals(3, gate.status());
    assertTrue(
        gate.text().matches("graft: job nightly of [-0-9]{10} ended with 3:\ngraft: no 1\n"));
    Said stuck = cron("1 1 1 4 0");
    assertEquals(4, stuck.status());
    assertTrue(stuck.text().endsWith("ended with 4:\ngraft: no 4\n"), stuck.text());
    Arguments arguments =
        Arguments.parse(Files.readString(folder.resolve("called")).strip().split(" ", -1));
    assertEquals(Path.of("/etc/graft/nightly.yaml"), arguments.config());
    assertTrue(arguments.given().ifChanged());
  }

  private record Said(int status, String text) {}

  /**
   * @param statuses that {@code submit/graft} ends with, one after the other
   */
  private Said cron(String statuses) throws Exception {
    Path submit = Files.createDirectories(folder.resolve("submit/cron"));
    Path job = submit.resolve("job");
    Files.writeString(job, Files.readString(Path.of("submit/cron/job")));
    Path graft = submit.resolveSibling("graft");
    Files.deleteIfExists(folder.resolve("calls"));
    Files.writeString(
        graft,
        """
        #!/bin/bash
        cd '%s'
        echo "$*" >called
        echo call >>calls
        n=$(grep -c call calls)
        set -- %s
        echo "graft: no $n" >&2
        exit "${!n}"
        """
            .formatted(folder, statuses));
    assertTrue(job.toFile().setExecutable(true) && graft.toFile().setExecutable(true));
    ProcessBuilder builder =
        new ProcessBuilder(job.toString(), "/etc/graft/nightly.yaml").redirectErrorStream(true);
    builder.environment().put("GRAFT_LOG_FOLDER", folder.toString());
    builder.environment().put("GRAFT_WAITS", "0 0 0");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }
}
