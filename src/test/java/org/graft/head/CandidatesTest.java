package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(3, 4, 0.5, Updater.SGD, 0.25, 6, ClassWeights.NONE, true, 7);

  private static TrainingPlan plan(Grid grid) {
    return new TrainingPlan(
        new HeadSpec.Linear(),
        Rows.labels(3),
        Output.SOFTMAX,
        OPTIONS,
        Averaging.of(2, 1),
        grid,
        "w");
  }

  @Test
  void everyCombinationInTheOrderOfTheKeys() {
    Grid grid = new Grid(List.of(2.0, 1.0), List.of(0.1), Arrays.asList(ClassWeights.values()), 0);
    List<TrainingPlan> all = Candidates.of(plan(grid));
    assertEquals(4, all.size());
    assertEquals(
        Map.of("train.l2", "2.0", "train.learningRate", "0.1", "train.classWeights", "none"),
        Candidates.settings(plan(grid), all.get(0)));
    assertEquals(
        Map.of("train.l2", "1.0", "train.learningRate", "0.1", "train.classWeights", "balanced"),
        Candidates.settings(plan(grid), all.get(3)));
    assertEquals(OPTIONS.with(1.0, 0.1, ClassWeights.BALANCED), all.get(3).options());
    assertEquals(OPTIONS, OPTIONS.with(0.25, 0.5, ClassWeights.NONE));
  }

  @Test
  void withoutAGridItIsThePlan() {
    assertEquals(List.of(plan(Grid.NONE)), Candidates.of(plan(Grid.NONE)));
    assertEquals(Map.of(), Candidates.settings(plan(Grid.NONE), plan(Grid.NONE)));
  }

  @Test
  void theFirstOfTheBestIsChosen() {
    assertEquals(1, Candidates.best(new double[] {3, 1, 1, 2}));
    assertEquals(1, Candidates.best(new double[] {Double.NaN, 5, 7}));
    assertEquals(0, Candidates.best(new double[] {Double.NaN}));
    UserError e =
        assertThrows(UserError.class, () -> Candidates.best(new double[] {Double.NaN, Double.NaN}));
    assertTrue(e.getMessage().contains("Raise split.validation, or set grid.folds"));
  }
}
