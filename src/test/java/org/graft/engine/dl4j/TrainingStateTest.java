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
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;

class TrainingStateTest {
  private static final List<LabelledBlock> TRAIN = Rows.of(41, 6, 3);
  private static final List<LabelledBlock> VALIDATION = Rows.of(60, 6, 3).subList(41, 60);

  @Test
  void fromAnyStateTheSameHeadComesOut() {
    TrainingPlan plan = plan();
    List<byte[]> states = new ArrayList<>();
    Training whole = train(plan, Optional.empty(), states);
    assertTrue(states.size() > 10, "states " + states.size());
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

  private static TrainingPlan plan() {
    TrainingOptions options =
        new TrainingOptions(4, 3, 0.05, Updater.ADAM, 1e-3, 2, ClassWeights.BALANCED, true, 1);
    return new TrainingPlan(
        new HeadSpec.Mlp(List.of(5)), Rows.labels(3), Output.SOFTMAX, options, Averaging.of(3, 2));
  }
}
