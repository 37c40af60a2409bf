package org.graft.engine.dl4j;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Checks;
import org.graft.head.LabelledBlock;
import org.graft.head.SampleLoss;
import org.graft.head.Shard;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingPlan;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's plain loop on one machine: one network, one thread, a {@code fit} for each batch, no
 * rounds. What averaging is measured against.
 */
public final class PlainHeadTrainer {
  private final TrainingPlan plan;
  private final Shard rows;
  private final FitWatch watch;
  private final ComputationGraph graph;

  private PlainHeadTrainer(TrainingPlan plan, Shard rows, FitWatch watch) {
    this.plan = plan;
    this.rows = rows;
    this.watch = watch;
    this.graph = network(plan, rows.blocks().get(0).width());
  }

  /**
   * Fits the plan's epochs, each a single round, without its scaling and class weights.
   *
   * @return the head as it was in the end, also where the watch stopped it
   */
  public static TrainedHead train(TrainingPlan plan, Shard rows, FitWatch watch) {
    Dl4jEngine.useOneThread();
    return new PlainHeadTrainer(plan, rows, watch).run();
  }

  /** As Graft's own begin, every sample counting the same. */
  public static ComputationGraph network(TrainingPlan plan, int width) {
    Checks.argument(
        plan.options().classWeights() == ClassWeights.NONE,
        "class weights are not for the plain loop: %s",
        plan.options().classWeights());
    SampleLoss loss =
        SampleLoss.of(
            plan, ShardStatistics.of(List.of(none(width, plan.labels().size())).iterator()));
    return HeadNetwork.create(plan.spec(), width, plan.output(), loss, plan.options());
  }

  private static LabelledBlock none(int width, int classes) {
    return new LabelledBlock(List.of(""), width, classes, new float[width], new float[classes]);
  }

  private TrainedHead run() {
    try {
      boolean goOn = true;
      for (int epoch = 1; goOn && epoch <= plan.options().epochs(); epoch++) {
        goOn = epoch(epoch);
      }
      return head();
    } finally {
      HeadNetwork.free(graph);
    }
  }

  private boolean epoch(int epoch) {
    int[] order = rows.order(plan.options().seed(), epoch - 1);
    fit(order);
    graph.incrementEpochCount();
    boolean goOn = watch.round(epoch, 1, order.length);
    watch.epoch(head());
    return goOn;
  }

  private void fit(int[] order) {
    int batch = plan.options().batch();
    for (int at = 0; at < order.length; at += batch) {
      int end = Math.min(order.length, at + batch);
      try (INDArray x = matrix(rows.features(order, at, end), end - at);
          INDArray y = matrix(rows.targets(order, at, end), end - at)) {
        graph.fit(new INDArray[] {x}, new INDArray[] {y});
      }
    }
  }

  private static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  private TrainedHead head() {
    return HeadNetwork.head(graph, plan.output(), plan.labels());
  }
}
