package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AveragingGaugeTest {
  @Test
  void roundsThatWaitMoreThanTheyComputeDoNotPay() {
    RoundReport waiting = round(new RoundReport.Cost(1, 0.2, 0.4, 0.1, 10, 20));
    assertEquals(0.7, waiting.cost().waitSeconds(), 1e-12);
    assertEquals(0.4, waiting.cost().speedup(), 1e-12);
    AveragingGauge gauge = AveragingGauge.of(List.of(waiting, waiting));
    assertEquals(
        "averaging does not pay here: 2 rounds took 2.0 s (0.4 computing, 1.4 waiting, 0.2 moving bytes),"
            + " one machine alone would take about 0.8. Set averaging.workers to 1, or raise"
            + " averaging.localSteps and localStepsMost.",
        gauge.complaint().orElseThrow());
  }

  @Test
  void roundsThatComputeMostlyPay() {
    RoundReport busy = round(new RoundReport.Cost(1, 0.8, 1.6, 0.1, 10, 20));
    assertTrue(AveragingGauge.of(List.of(busy)).complaint().isEmpty());
    assertTrue(AveragingGauge.of(List.of()).complaint().isEmpty());
  }

  private static RoundReport round(RoundReport.Cost cost) {
    return new RoundReport(1, 1, 1, 8, 4, 0.5, 0.1, 1, cost);
  }
}
