package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AveragingTest {
  private final Averaging.Graft adaptive = new Averaging.Graft(4, 4, 16, 0, "site");

  @Test
  void localStepsGrowAsTheDriftFalls() {
    assertEquals(4, adaptive.nextSteps(4, 1, false, 2));
    assertEquals(6, adaptive.nextSteps(4, 1.5, false, 2));
    assertEquals(8, adaptive.nextSteps(4, 100, false, 2)); // doubled at most
    assertEquals(16, adaptive.nextSteps(16, 100, false, 2));
    assertEquals(1, adaptive.nextSteps(4, 0.01, false, 2));
  }

  @Test
  void workersThatPullAgainstOneAnotherAreCorrectedAndMeetMoreOften() {
    assertFalse(adaptive.disagree(4.3));
    assertTrue(adaptive.disagree(4.5));
    assertEquals(4, adaptive.nextSteps(16, 100, true, 2));
    assertEquals(2, adaptive.nextSteps(4, 100, true, 5.1));
    assertEquals(1, adaptive.nextSteps(1, 100, true, 5.1));
    assertFalse(new Averaging.Graft(1, 4, 16, 0, "site").disagree(100));
    assertFalse(new Averaging.Graft(4, 4, 16, 0, "").disagree(100)); // fair samples
  }

  @Test
  void fixedStepsStayAsTheyAre() {
    assertEquals(4, Averaging.of(4, 4).nextSteps(4, 100, true, 1000));
    assertEquals(4, new Averaging.Graft(4, 4, 4, 0, "").nextSteps(4, 100, false, 1000));
  }
}
