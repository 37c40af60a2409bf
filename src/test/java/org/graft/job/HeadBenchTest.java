package org.graft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.bench.HeadBenchPlan;
import org.graft.common.ExitCode;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.job.Launch.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole command, measuring a little, on a number of rows that nothing divides. */
class HeadBenchTest {
  private static final int ROWS = 1511;

  @TempDir Path folder;

  @Test
  void everyTrainerTrains() throws IOException {
    Path json = folder.resolve("records.json");
    Ended ended =
        Launch.LOCAL
            .run(
                "bench",
                "heads",
                "--json",
                json.toString(),
                "--rows",
                "" + ROWS,
                "--width",
                "70",
                "--epochs",
                "2",
                "--local-steps",
                "2")
            .well();
    JsonNode records = Json.mapper().readTree(json.toFile());
    assertEquals(records.size(), ended.count("records"));
    List<String> titles = new ArrayList<>();
    for (JsonNode record : records) {
      titles.add(
          record.get("head").asText()
              + " "
              + record.get("trainer").asText()
              + " "
              + record.get("variant").asText());
      check(record);
    }
    assertEquals(
        List.of(
            "linear exact ",
            "linear optimum ",
            "linear mllib ",
            "linear graft growing",
            "linear graft fixed",
            "linear single-process ",
            "linear dl4j-stock defaults",
            "linear dl4j-stock direct",
            "linear dl4j-stock tuned",
            "mlp graft growing",
            "mlp graft fixed",
            "mlp single-process ",
            "mlp dl4j-stock defaults",
            "mlp dl4j-stock direct",
            "mlp dl4j-stock tuned"),
        titles);
    String table = String.join("\n", ended.out());
    assertTrue(table.contains("linear, 1511 rows, 2 workers: graft (fixed) takes "), table);
  }

  private static void check(JsonNode record) {
    assertEquals(ROWS, record.get("rows").asInt());
    assertEquals(70, record.get("width").asInt());
    assertEquals(10, record.get("classes").asInt());
    for (String name :
        List.of("secondsPerRound", "secondsPerEpoch", "cpuSecondsPerEpoch", "loss", "seconds")) {
      assertTrue(record.get(name).asDouble() > 0, record::toString);
    }
    assertTrue(record.get("accuracy").asDouble() > 0.2, record::toString); // of ten classes
    assertFalse(record.get("extrapolated").asBoolean(), record::toString);
    boolean stock = record.get("trainer").asText().equals("dl4j-stock");
    if (stock) { // may drop what does not divide, by chance
      assertTrue(record.get("examplesSeen").asInt() <= ROWS, record::toString);
      assertTrue(record.get("examplesSeen").asInt() > ROWS / 4, record::toString);
    } else {
      assertEquals(ROWS, record.get("examplesSeen").asInt(), record::toString);
    }
    if (record.get("variant").asText().equals("fixed")) {
      assertEquals(2, record.get("workers").asInt());
      assertEquals(6, record.get("rounds").asInt()); // 756 rows in the larger shard, 128 a round
    }
  }

  @Test
  void defaultsAreWhatTheUsageSays() {
    assertEquals(HeadBenchPlan.DEFAULTS, HeadBenchOptions.parse(List.of()).plan());
    List<String> fromUsage = new ArrayList<>();
    HeadBenchOptions.USAGE
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("--") && !line.startsWith("--features"))
        .map(line -> List.of(line.split(" +", -1)).subList(0, 2))
        .forEach(fromUsage::addAll);
    assertEquals(16, fromUsage.size());
    assertEquals(HeadBenchPlan.DEFAULTS, HeadBenchOptions.parse(fromUsage).plan());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--row 8; '--row' is no option of it. Did you mean '--rows'?",
        "--rows 8,0; --rows has 0: it must be 1 to 10000000",
        "--rows 8,8; --rows names something twice: [8, 8]",
        "--heads mpl; --heads has 'mpl': it must be of [linear, mlp]. Did you mean 'mlp'?",
        "--trainers dl4j; --trainers has 'dl4j': it must be of",
        "--workers ,; --workers is empty",
        "--epochs many; --epochs has 'many': it must be a whole number",
        "--seconds 0; --seconds is 0.0: it must be more than 0 and at most 3600",
        "--width 0; --width has 0: it must be 1 to 16384",
        "--local-steps -1; --local-steps has -1: it must be 1 to 1000",
      })
  void mistakesAreNamed(String line, String message) {
    UserError e =
        assertThrows(UserError.class, () -> HeadBenchOptions.parse(List.of(line.split(" ", -1))));
    assertEquals(ExitCode.BAD_INPUT, e.exitCode());
    assertTrue(e.getMessage().startsWith("Cannot bench heads"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
