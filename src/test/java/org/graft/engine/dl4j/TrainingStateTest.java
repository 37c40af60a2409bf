package org.graft.engine.dl4j;

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
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingStateTest {
  private static final List<LabelledBlock> TRAIN = Rows.of(41, 6, 3);
  private static final List<LabelledBlock> VALIDATION = Rows.of(60, 6, 3).subList(41, 60);

  /** With all that a state may hold: momentum of the server, drift of local steps that grow. */
  @ParameterizedTest
  @CsvSource({"0, 0, CONSTANT", "8, 0.5, CONSTANT", "8, 0.5, PLATEAU", "0, 0, COSINE"})
  void fromAnyStateTheSameHeadComesOut(int most, double momentum, Schedule schedule) {
    TrainingPlan plan = plan(new Averaging.Graft(3, 2, most, momentum, ""), schedule);
    List<byte[]> states = new ArrayList<>();
    Training whole = train(plan, Optional.empty(), states);
    assertTrue(states.size() >= 10, "states " + states.size());
    for (byte[] state : states) {
      Training rest = train(plan, Optional.of(TrainingState.of(state, "here")), new ArrayList<>());
      assertEquals(whole.head().sha256(), rest.head().sha256());
      assertEquals(whole.history().epochs(), rest.history().epochs());
      assertEquals(whole.history().bestEpoch(), rest.history().bestEpoch());
      assertEquals(whole.history().rounds().size(), rest.history().rounds().size());
    }
  }

  private static Training train(
      TrainingPlan plan, Optional<TrainingState> from, List<byte[]> states) {
    return LocalHeadTrainer.train(
        plan, TRAIN, VALIDATION, from, state -> states.add(state.toBytes()));
  }

  private static TrainingPlan plan(Averaging averaging, Schedule schedule) {
    TrainingOptions options =
        new TrainingOptions(
            4,
            3,
            0.05,
            Updater.ADAM,
            1e-3,
            2,
            ClassWeights.BALANCED,
            true,
            1,
            Method.AVERAGING,
            schedule,
            0,
            0);
    return new TrainingPlan(
        new HeadSpec.Mlp(List.of(5)), Rows.labels(3), Output.SOFTMAX, options, averaging);
  }
}
