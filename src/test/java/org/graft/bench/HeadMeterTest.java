package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.graft.bench.HeadMeter.Figures;
import org.junit.jupiter.api.Test;

/** With clocks that are set by hand; processor time is twice the wall time. */
class HeadMeterTest {
  private double now = 100;
  private final HeadMeter meter = new HeadMeter(() -> now, () -> 2 * now, 10);

  private void pass(double seconds) {
    now += seconds;
  }

  private void round(int epoch, int rounds, double seconds, long examples) {
    pass(seconds);
    meter.round(epoch, rounds, examples);
  }

  @Test
  void theFirstEpochWarmsUp() {
    meter.start();
    pass(5); // packs
    for (int epoch = 1; epoch <= 3; epoch++) {
      round(epoch, 2, epoch == 1 ? 3 : 1, 60);
      round(epoch, 2, 0.5, 41);
      meter.epoch();
    }
    meter.stop();
    Figures figures = meter.figures();
    assertEquals(new Figures(2, 0.75, 1.5, 3, 101, 3, false), figures);
    assertEquals(8.5, meter.end(1));
    assertEquals(11.5, meter.end(3));
    assertEquals(11.5, meter.seconds());
    assertEquals(23, meter.cpuSeconds());
  }

  @Test
  void theEarlierHalfOfTheEpochsWarmsUp() {
    meter.start();
    for (int epoch = 1; epoch <= 5; epoch++) {
      round(epoch, 1, epoch <= 2 ? 9 : epoch, 60);
      meter.epoch();
    }
    assertEquals(new Figures(1, 4, 4, 8, 60, 5, false), meter.figures());
  }

  @Test
  void whatComesWhileItStandsDoesNotCount() {
    meter.start();
    round(1, 1, 1, 9);
    meter.epoch();
    meter.stop();
    pass(50);
    meter.start();
    round(2, 1, 2, 9);
    meter.epoch();
    meter.stop();
    assertEquals(2, meter.figures().secondsPerEpoch());
    assertEquals(3, meter.seconds());
  }

  @Test
  void anEpochThatWasNotWholeIsExtrapolated() {
    meter.start();
    pass(4);
    meter.prepared();
    round(1, 10, 5, 64); // warms up
    round(1, 10, 1, 64);
    round(1, 10, 2, 32);
    Figures figures = meter.figures();
    assertEquals(new Figures(10, 1.5, 4 + 15, 2 * (4 + 15), 160, 0, true), figures);
  }

  @Test
  void aWholeEpochIsAllThereIs() {
    meter.start();
    round(1, 1, 7, 33);
    meter.epoch();
    assertEquals(new Figures(1, 7, 7, 14, 33, 1, false), meter.figures());
    round(2, 1, 1, 20); // of the next, which is not whole
    assertEquals(33, meter.figures().examples());
  }

  @Test
  void passesThatNobodyCountedAreEqual() {
    meter.start();
    pass(12);
    meter.stop();
    meter.even(4, 77);
    assertEquals(new Figures(1, 3, 3, 6, 77, 4, false), meter.figures());
  }

  @Test
  void enoughNeedsSomeRounds() {
    meter.start();
    for (int i = 0; i < 3; i++) {
      round(1, 50, 20, 1);
      assertFalse(meter.enough());
    }
    round(1, 50, 20, 1);
    assertTrue(meter.enough());
  }
}
