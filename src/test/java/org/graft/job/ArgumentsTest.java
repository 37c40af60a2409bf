package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArgumentsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Verb.class)
  void everyVerbIsInTheUsageAndIsParsed(Verb verb) {
    assertTrue(Arguments.USAGE.contains("\n  " + verb.id() + " "), verb.id());
    assertEquals(verb, Arguments.parse(verb.id(), "c.yaml").verb());
  }

  @Test
  void optionsMayStandOnEitherSideOfTheConfig() {
    assertEquals(
        new Arguments(Verb.RUN, Path.of("c.yaml"), List.of("a=1", "b=-x", "c="), "out.json"),
        Arguments.parse(
            "run", "-s", "a=1", "c.yaml", "--set", "b=-x", "-s", "c=", "--json", "out.json"));
  }

  @Test
  void someVerbsHaveOptionsOfTheirOwn() {
    assertEquals(
        new VerbOptions(true, LocalDate.of(2026, 1, 31), 0, false, 7, -1, List.of()),
        Arguments.parse("run", "--if-changed", "c.yaml", "--run-date", "2026-01-31").given());
    assertEquals(
        new VerbOptions(false, null, 0, true, 30, -1, List.of()),
        Arguments.parse("gc", "c.yaml", "--delete", "--older-than", "30").given());
    assertEquals(
        new VerbOptions(false, null, 0, false, 7, 50, List.of("a", "b@c")),
        Arguments.parse("rank", "c.yaml", "--backbones", "a,b@c", "--samples", "50").given());
    assertEquals(3, Arguments.parse("rollback", "c.yaml", "--to", "3").given().to());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; Cannot run: no verb given.",
        "rnu c.yaml; Cannot run 'rnu': there is no such verb. Did you mean 'run'?",
        "--help; Cannot run '--help': there is no such verb.",
        "run; Cannot run 'run': no config given. Add its path, for instance conf/quickstart.yaml.",
        "run c.yaml --jsn x; Cannot run: '--jsn' is no option.",
        "run c.yaml d.yaml; Cannot run: two configs given, c.yaml and d.yaml. Give one",
        "run c.yaml -s; Cannot run: -s needs a value.",
        "run c.yaml --json; Cannot run: --json needs a value.",
        "run c.yaml --to 3; Cannot run 'run': --to is an option of [rollback] only. Leave it out.",
        "index c.yaml --if-changed; Cannot run 'index': --if-changed is an option of [run] only.",
        "rollback c.yaml --to 0; Cannot run: --to has '0': it must be a whole number from 1 on.",
        "gc c.yaml --older-than x; Cannot run: --older-than has 'x': it must be a whole number from 0 on.",
        "rank c.yaml --samples 19; Cannot run: --samples has '19': it must be a whole number from 20 on.",
        "plan c.yaml --samples 20001; Cannot run: --samples has '20001': it must be at most 20000.",
        "rank c.yaml --backbones a,,b; Cannot run: --backbones has 'a,,b': name networks with commas between",
        "rank c.yaml --backbones a,a; Cannot run: --backbones has 'a,a': name networks with commas between, each once",
        "run c.yaml --samples 50; Cannot run 'run': --samples is an option of [plan, rank] only. Leave it out.",
        "run c.yaml --run-date 31.1.2026; Cannot run: --run-date has '31.1.2026': it must be a day like 2026-01-31.",
        "run c.yaml --run-date; Cannot run: --run-date needs a value.",
      })
  void mistakesAreNamed(String line, String message) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    UserError e = assertThrows(UserError.class, () -> Arguments.parse(args));
    assertEquals(ExitCode.BAD_INPUT, e.exitCode());
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void aMistakeEndsWithStatus2OneMessageAndASummary() {
    Printed printed = Printed.by("rnu");
    assertEquals(2, printed.status());
    assertTrue(printed.err().startsWith("graft: Cannot run 'rnu'"), printed.err());
    assertTrue(printed.err().contains("usage: graft VERB"), printed.err());
    assertEquals("failed", printed.summary().get("outcome"));
    assertEquals(2, Printed.by().status());
  }

  @Test
  void theSummaryGoesToTheJsonFileToo() throws IOException {
    Path json = folder.resolve("summary.json");
    Printed printed =
        Printed.by("run", folder.resolve("no.yaml").toString(), "--json", json.toString());
    assertEquals(2, printed.status());
    assertEquals(printed.out(), Files.readString(json));
    String nowhere = folder.resolve("no/such/folder.json").toString();
    Printed unsaved = Printed.by("run", "no.yaml", "--json", nowhere);
    assertEquals(1, unsaved.status());
    assertTrue(unsaved.err().contains("graft: Cannot write --json " + nowhere), unsaved.err());
  }
}
