package org.graft.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.graft.common.ExitCode;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
  private static final Map<String, Double> LAST = Map.of("accuracy", 0.9, "logLoss", 0.5);

  private static String missed(String condition, double got) {
    return Gate.of("accuracy", condition).missed(Map.of("accuracy", got), LAST, "version 4");
  }

  @ParameterizedTest
  @CsvSource({
    ">= 0.8, 0.8, true",
    ">= 0.8, 0.7999999, false",
    "> 0.8, 0.8, false",
    "<= 0.8, 0.8, true",
    "< 0.8, 0.8, false",
    "< 0.8, 0.79, true",
    ">=80pt, 0.8, true",
    ">= -0.2, -0.1, true",
    ">= -0.2, -0.3, false",
    ">= last, 0.9, true",
    ">= last, 0.8999, false",
    "> last, 0.9, false",
    ">= last - 0.5pt, 0.895, true",
    ">= last - 0.5pt, 0.8949, false",
    ">= last-0.005, 0.895, true",
    ">= last + 1pt, 0.91, true",
    ">= last + 1pt, 0.9099, false",
    "<= last + 0.05, 0.95, true",
    ">= 0, NaN, false",
    "<= 1, NaN, false",
  })
  void whatReachesIt(String condition, double got, boolean reached) {
    assertEquals(reached, missed(condition, got).isEmpty(), condition);
  }

  @Test
  void aMissNamesMetricGotWantedAndVersion() {
    assertEquals(
        "accuracy is 0.81, wanted >= 0.895 (version 4 has 0.9)", missed(">= last - 0.5pt", 0.81));
    assertEquals("accuracy is 0.81, wanted >= 0.9", missed(">= 90pt", 0.81));
  }

  @Test
  void theFirstVersionPassesWhatCountsFromTheLast() {
    Map<String, Double> got = Map.of("accuracy", 0.1);
    assertEquals("", Gate.of("accuracy", ">= last").missed(got, Map.of(), "version 0"));
    assertFalse(Gate.of("accuracy", ">= 0.5").missed(got, Map.of(), "version 0").isEmpty());
  }

  @Test
  void anUnknownMetricIsRefusedWithTheNearest() {
    UserError e =
        assertThrows(
            UserError.class, () -> Gate.of("acuracy", ">= last").missed(LAST, LAST, "version 4"));
    assertEquals(ExitCode.BAD_INPUT, e.exitCode());
    assertTrue(e.getMessage().startsWith("Cannot check the gate 'acuracy': the evaluation has no"));
    assertTrue(e.getMessage().contains("Did you mean 'accuracy'?"), e.getMessage());
    UserError other =
        assertThrows(
            UserError.class,
            () -> Gate.of("r2", ">= last").missed(Map.of("r2", 0.5), LAST, "version 4"));
    assertTrue(other.getMessage().contains("the evaluation of version 4 has no such metric"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0.9",
        ">= ",
        "= 0.9",
        "=> 0.9",
        ">= last -",
        ">= last 0.5",
        ">= last - 5%",
        ">= latest",
        ">= 1e9",
        ">= NaN",
        ">= last - -1",
        ">= 0.9 or so"
      })
  void whatIsNoCondition(String text) {
    assertFalse(Gate.isCondition(text));
  }
}
