package org.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Updater;
import org.graft.head.TrainingPlan;
import org.graft.sample.Labels;
import org.junit.jupiter.api.Test;

class NeedsTest {
  private static final long GIB = 1L << 30;
  private static final Needs NEEDS = new Needs(GIB, GIB, 2, 100L << 20);

  private static final TrainingOptions OPTIONS =
      new TrainingOptions(3, 32, 0.1, Updater.ADAM, 0, 3, ClassWeights.NONE, true, 1);

  private static TrainingPlan plan(HeadSpec spec, int workers) {
    return new TrainingPlan(
        spec,
        Labels.sorted(List.of("a", "b", "c")),
        Output.SOFTMAX,
        OPTIONS,
        Averaging.of(workers, 4));
  }

  @Test
  void whatFitsIsFine() {
    assertEquals(List.of(), NEEDS.problems(1000, 700, 2048, 8192, plan(new HeadSpec.Linear(), 2)));
  }

  @Test
  void shardsMustFitIntoTheHeapOfWhoHoldsThem() {
    // 300,000 rows of 2,048 + 3 + 1 floats by 4 workers: 587 MiB a shard, 2 at once
    List<String> problems =
        NEEDS.problems(1000, 300_000, 2048, 8192, plan(new HeadSpec.Linear(), 4));
    assertEquals(
        List.of(
            "training holds 2 shards of 587 MiB at once in an executor's heap, which has 1024 MiB:"
                + " set averaging.workers to 6 or more (now 4), or raise --executor-memory"),
        problems);
    assertTrue(NEEDS.problems(1000, 300_000, 2048, 8192, plan(new HeadSpec.Linear(), 6)).isEmpty());
  }

  @Test
  void aShardHoldsTargetsAndWeightsAndOneWorkerHoldsOne() {
    // 50,000,000 rows of 2 + 3 + 1 floats; as many shards as tasks run at once would be 2
    assertEquals(
        List.of(
            "training holds 1 shard of 1144 MiB at once in an executor's heap, which has 1024 MiB:"
                + " set averaging.workers to 3 or more (now 1), or raise --executor-memory"),
        NEEDS.problems(1000, 50_000_000, 2, 8, plan(new HeadSpec.Linear(), 1)));
  }

  @Test
  void aHeadThatIsSolvedNeedsSquaresOfItsWidth() {
    assertEquals(
        List.of(
            "solving a head of 25088 features takes 14406 MiB of the driver's heap, which has 1024 MiB:"
                + " take another backbone.cut or backbone.pooling: avg, or head: linear, or raise --driver-memory"),
        NEEDS.problems(1000, 700, 25_088, 8192, plan(new HeadSpec.Ridge(), 2)));
    assertTrue(NEEDS.problems(1000, 700, 25_088, 8192, plan(new HeadSpec.Linear(), 2)).isEmpty());
  }

  @Test
  void inputsAndDiskCount() {
    assertEquals(
        "the inputs of all batches take 1024 MiB of an executor's heap, which has 1024 MiB: lower backbone.batch",
        NEEDS.problem(GIB).orElseThrow());
    assertTrue(NEEDS.problem(GIB / 2).isEmpty());
    assertEquals(
        List.of(
            "the features take 156 MiB on disk, and 100 MiB are free: free some, or put the workspace elsewhere"),
        NEEDS.problems(20_000, 700, 2048, 8192, plan(new HeadSpec.Linear(), 2)));
    Needs unknown = new Needs(GIB, GIB, 2, -1);
    assertTrue(unknown.problems(20_000, 700, 2048, 8192, plan(new HeadSpec.Linear(), 2)).isEmpty());
  }
}
