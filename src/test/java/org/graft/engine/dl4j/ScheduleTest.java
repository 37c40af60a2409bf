package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.LabelledBlock;
import org.graft.head.Rows;
import org.graft.head.TrainedHead.Output;
import org.graft.head.Training;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final List<LabelledBlock> ROWS = Rows.of(40, 6, 2);

  @Test
  void aCosineTakesHalfTheRateHalfWay() {
    // one step an epoch: the second of two epochs steps at half the rate
    float[] constant = weights(plan(2, 99, Schedule.CONSTANT, 0, 1));
    float[] cosine = weights(plan(2, 99, Schedule.COSINE, 0, 1));
    float[] first = weights(plan(1, 99, Schedule.CONSTANT, 0, 1));
    for (int i = 0; i < first.length; i++) {
      assertEquals((constant[i] - first[i]) / 2, cosine[i] - first[i], 1e-6);
    }
  }

  @Test
  void aCosineRunsToItsEnd() {
    assertEquals(30, train(plan(30, 8, Schedule.COSINE, 0, 1)).history().epochs().size());
  }

  /** At this rate the loss jumps about; only smaller rates bring it down. */
  @Test
  void aPlateauGoesBackAndTakesSmallerSteps() {
    TrainingPlan plan = plan(40, 4, Schedule.PLATEAU, 0.1, 3);
    List<TrainingState> states = new ArrayList<>();
    Training training =
        LocalHeadTrainer.train(plan, ROWS, List.of(), Optional.empty(), states::add);
    List<Epoch> epochs = training.history().epochs();
    TrainingState end = states.get(states.size() - 1);
    assertTrue(end.pace().rate() < 0.3, "rate " + end.pace().rate());
    double least = epochs.stream().mapToDouble(Epoch::loss).min().orElseThrow();
    assertEquals(least, training.history().best().loss());
    for (int i = 1; i < states.size(); i++) {
      TrainingState state = states.get(i);
      if (state.round() == 0 && state.pace().stale() > 0) {
        assertArrayEquals(state.best().parameters(), state.network().parameters());
      }
    }
  }

  @Test
  void withoutValidationTrainingStopsWhenItsOwnLossNoLongerFalls() {
    Training training = train(plan(5000, 40, Schedule.PLATEAU, 1, 4));
    int epochs = training.history().epochs().size();
    assertTrue(epochs < 5000, "it never stopped");
    double last = training.history().epochs().get(epochs - 1).loss();
    double before = training.history().epochs().get(epochs - 5).loss();
    assertTrue(before - last < 5e-4 * before, before + " " + last);
  }

  @Test
  void momentumMovesOnAndNoneLeavesTheAverage() {
    HeadState average = new HeadState(2, 0, new float[] {3}, new float[0]);
    TrainingState from = TrainingState.of(new HeadState(1, 0, new float[] {1}, new float[0]), 4);
    assertEquals(average, new ServerMove(from, average, 0).network());
    ServerMove first = new ServerMove(from, average, 0.5);
    assertArrayEquals(new float[] {3}, first.network().parameters());
    assertArrayEquals(new float[] {2}, first.velocity());
    TrainingState then =
        new TrainingState(
            average, 0, 0, from.pace(), first.velocity(), Anchor.NONE, null, from.history());
    HeadState next = new HeadState(3, 0, new float[] {4}, new float[0]);
    assertArrayEquals(new float[] {5}, new ServerMove(then, next, 0.5).network().parameters());
  }

  private static float[] weights(TrainingPlan plan) {
    return train(plan).head().layers().get(0).weights();
  }

  private static Training train(TrainingPlan plan) {
    return LocalHeadTrainer.train(plan, ROWS, List.of(), round -> {});
  }

  private static TrainingPlan plan(
      int epochs, int batch, Schedule schedule, double l2, int patience) {
    TrainingOptions options =
        new TrainingOptions(
            epochs,
            batch,
            batch < 8 ? 5 : 0.001,
            Updater.SGD,
            l2,
            patience,
            ClassWeights.NONE,
            false,
            1,
            Method.AVERAGING,
            schedule,
            0,
            0);
    return new TrainingPlan(
        new HeadSpec.Linear(), Rows.labels(2), Output.SOFTMAX, options, Averaging.of(1, 4));
  }
}
