package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final double EXACT = 1e-12;

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoThere() {
    assertEquals(3, Rate.median(5, 1, 3), EXACT);
    assertEquals(2.5, Rate.median(4, 1, 2, 3), EXACT);
    assertEquals(7, Rate.median(7), EXACT);
    assertThrows(IllegalArgumentException.class, Rate::median);
  }

  @Test
  void bothFiguresHaveMediansOfTheirOwn() {
    // 10/s and 5/cpu-s; 20/s and 100/cpu-s; 5/s and 50/cpu-s
    List<Timing> timings =
        List.of(new Timing(10, 1, 2), new Timing(20, 1, 0.2), new Timing(10, 2, 0.2));
    assertEquals(new Rate(10, 50), Rate.median(timings));
    assertEquals(new Rate(20, 100), Rate.best(timings));
  }

  @Test
  void timesASampleAddUp() {
    Rate both = new Rate(30, 300).after(new Rate(60, 100));
    assertEquals(20, both.perSecond(), EXACT);
    assertEquals(75, both.perCpuSecond(), 1e-9);
  }

  @Test
  void aClockThatStandsStillGivesNoInfinity() {
    assertEquals(1e9, new Timing(1, 0, 0).rate().perCpuSecond(), 1);
    assertThrows(IllegalArgumentException.class, () -> new Timing(0, 1, 1));
  }

  @Test
  void percentagesAreOfTheBestPeakOfThatPrecision() {
    Peak peak = Peak.UNKNOWN.or("fp32", 80e9).or("fp32", 100e9).or("fp32", 90e9).or("int8", 400e9);
    // 8.18 GFLOP a picture at 11 pictures a CPU-second, on a core of 100 GFLOP/s
    assertEquals(89.98, peak.percent("fp32", 11 * 8.18e9), EXACT * 100);
    assertEquals(22.495, peak.percent("int8", 11 * 8.18e9), EXACT * 100);
    assertEquals(null, Peak.UNKNOWN.percent("fp32", 1));
  }
}
