package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AveragingTest {
  private final Averaging.Graft adaptive = new Averaging.Graft(4, 4, 16, 0, "");

  @Test
  void localStepsGrowAsTheDriftFalls() {
    assertEquals(4, adaptive.nextSteps(4, 1, 2));
    assertEquals(6, adaptive.nextSteps(4, 1.5, 2));
    assertEquals(8, adaptive.nextSteps(4, 100, 2)); // doubled at most
    assertEquals(16, adaptive.nextSteps(16, 100, 2));
    assertEquals(1, adaptive.nextSteps(4, 0.01, 2));
  }

  @Test
  void workersThatPullAgainstOneAnotherMeetMoreOften() {
    assertEquals(8, adaptive.nextSteps(16, 100, 8.1));
    assertEquals(1, adaptive.nextSteps(1, 100, 8.1));
  }

  @Test
  void fixedStepsStayAsTheyAre() {
    assertEquals(4, Averaging.of(4, 4).nextSteps(4, 100, 1000));
    assertEquals(4, new Averaging.Graft(4, 4, 4, 0, "").nextSteps(4, 100, 1000));
  }
}
