package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be reported; what can is PipelineTest's. */
class ReportJobTest {
  @TempDir Path run;

  private static String refused(String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    assertEquals(2, Main.run(args, out, new PrintStream(err, true, StandardCharsets.UTF_8)));
    return err.toString(StandardCharsets.UTF_8);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(run.resolve(name), text);
  }

  private void check(String message) {
    String said = refused("report", run.toString());
    assertTrue(said.startsWith("graft: Cannot write the report of " + run + ": " + message), said);
    assertFalse(Files.exists(run.resolve("report.html")));
  }

  @Test
  void aFolderThatIsNoRuns() {
    check("it is not the folder of a run (no run.json).");
  }

  @Test
  void aRunThatHasNotEnded() throws IOException {
    write("run.json", "{}");
    check("the run has not ended (no summary.json). Wait for it");
  }

  @Test
  void aRunThatFailed() throws IOException {
    write("run.json", "{}");
    write("summary.json", "{\"outcome\": \"failed\", \"message\": \"the disk is full\"}");
    check("the run failed before there was anything to show: the disk is full. Mend that");
  }

  @Test
  void aRunWithNothingNew() throws IOException {
    write("run.json", "{}");
    write(
        "summary.json", "{\"outcome\": \"unchanged\", \"message\": \"nothing new since run r7\"}");
    check("nothing new since run r7. Name the folder of that run.");
  }

  @Test
  void aRunOfAnEarlierGraft() throws IOException {
    write("run.json", "{}");
    write("summary.json", "{\"outcome\": \"done\"}");
    check("an earlier Graft made it, which kept no report.json. Run the job again");
  }

  @Test
  void aRecordThatIsDamaged() throws IOException {
    write("run.json", "{}");
    write("summary.json", "{\"outcome\": \"done\"}");
    write("report.json", "{\"title\": ");
    String said = refused("report", run.toString());
    assertTrue(said.contains("Cannot read " + run.resolve("report.json")), said);
  }

  @Test
  void optionsThatAreNone() {
    assertTrue(refused("report").contains("no run's folder given. Add it"));
    assertTrue(refused("report", "x", "--ot", "y").contains("'--ot' is no option of it."));
  }
}
