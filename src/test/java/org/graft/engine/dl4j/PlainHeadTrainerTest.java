package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.Rows;
import org.graft.head.Shard;
import org.graft.head.Sharding;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.junit.jupiter.api.Test;

class PlainHeadTrainerTest {
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          new HeadSpec.Mlp(List.of(8)),
          Rows.labels(3),
          Output.SOFTMAX,
          new TrainingOptions(3, 8, 0.05, Updater.ADAM, 1e-3, 3, ClassWeights.NONE, false, 1),
          Averaging.of(1, 2));

  /** Counts, and stops after some rounds. */
  private static final class Counting implements FitWatch {
    private final int most;
    private final List<Long> examples = new ArrayList<>();
    private final List<String> heads = new ArrayList<>();

    Counting(int most) {
      this.most = most;
    }

    @Override
    public void prepared() {}

    @Override
    public boolean round(int epoch, int rounds, long fitted) {
      examples.add(fitted);
      return examples.size() < most;
    }

    @Override
    public void epoch(TrainedHead head) {
      heads.add(head.sha256());
    }
  }

  private static TrainedHead train(Counting watch) {
    Shard rows = Shard.deal(Rows.of(57, 9, 3), Sharding.byKey(1)).get(0);
    return PlainHeadTrainer.train(PLAN, rows, watch);
  }

  @Test
  void isWhatOneWorkerDoes() {
    Counting watch = new Counting(Integer.MAX_VALUE);
    TrainedHead head = train(watch);
    assertEquals(
        LocalHeadTrainer.train(PLAN, Rows.of(57, 9, 3), List.of(), round -> {}).head().sha256(),
        head.sha256());
    assertEquals(List.of(57L, 57L, 57L), watch.examples);
    assertEquals(head.sha256(), watch.heads.get(2));
  }

  @Test
  void stopsWhenItIsTold() {
    Counting watch = new Counting(2);
    TrainedHead head = train(watch);
    assertEquals(2, watch.heads.size());
    assertEquals(head.sha256(), watch.heads.get(1));
  }
}
