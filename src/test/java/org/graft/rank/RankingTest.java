package org.graft.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.graft.rank.Ranking.Missing;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static Ranked one(String name, double accuracy, double logMe, double seconds) {
    return new Ranked(name, "top", 8, 400, accuracy, logMe, 1, 1000 / seconds, seconds);
  }

  @Test
  void theMostAccurateIsRecommended() {
    Ranking ranking =
        Ranking.of(
            List.of(one("fast", 0.70, 0.9, 10), one("best", 0.80, 0.1, 100)),
            List.of(new Missing("other", "its weights are not here")));
    assertEquals("best@top", ranking.recommended());
    assertEquals(
        "best@top is right about 80.0 % of 400 samples that its head has not seen (standard error 2.0 points), more than any other.",
        ranking.reason());
    assertEquals(1, ranking.missing().size());
  }

  @Test
  void ofEquallyAccurateOnesThatWithMoreEvidence() {
    assertEquals(
        "b@top",
        Ranking.of(List.of(one("a", 0.8, 0.1, 10), one("b", 0.8, 0.2, 20)), List.of())
            .recommended());
  }

  @Test
  void oneThatTheSampleCannotTellFromTheBestAndThatIsMuchFasterIsNamed() {
    Ranking ranking =
        Ranking.of(
            List.of(
                one("best", 0.80, 0, 100),
                one("near", 0.785, 0, 40),
                one("nearToo", 0.785, 0, 60),
                one("worse", 0.70, 0, 1)),
            List.of());
    assertTrue(
        ranking
            .reason()
            .endsWith(" near@top is within the error (78.5 %) and takes half the time or less."),
        ranking.reason());
  }

  @Test
  void dominatedIsWhatAnotherBeatsInOneAndMatchesInTheOther() {
    Ranked best = one("best", 0.80, 0, 100);
    Ranked fast = one("fast", 0.70, 0, 10);
    Ranked slow = one("slow", 0.70, 0, 20);
    Ranked same = one("same", 0.80, 0, 100);
    Ranking ranking = Ranking.of(List.of(best, fast, slow, same), List.of());
    assertFalse(ranking.isDominated(best));
    assertFalse(ranking.isDominated(fast));
    assertTrue(ranking.isDominated(slow));
    assertFalse(ranking.isDominated(same));
  }
}
