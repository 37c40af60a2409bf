package org.graft.engine.dl4j;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph that takes a worker's steps. Each thread keeps the one that it used last, since reading a
 * configuration and making a graph of it costs more than a round's steps. For the thread that asked
 * for it alone.
 */
final class HeadGraph {
  private static final ThreadLocal<HeadGraph> LAST = new ThreadLocal<>();
  private static final WorkspaceConfiguration STEP =
      WorkspaceConfiguration.builder().policyLearning(LearningPolicy.OVER_TIME).build();

  private final String configuration;
  private final ComputationGraph graph;
  private final DenseGradient dense;
  private final INDArray gradients;

  private HeadGraph(String configuration) {
    this.configuration = configuration;
    this.graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    graph.init();
    graph.initGradientsView();
    this.dense = DenseGradient.of(graph);
    this.gradients = graph.getGradientsViewArray().dup();
    if (dense == null) {
      graph.setListeners(List.of(new Adding()));
    }
  }

  /** With these numbers. */
  static HeadGraph at(HeadRound round) {
    HeadGraph last = LAST.get();
    if (last == null || !last.configuration.equals(round.configuration())) {
      free();
      last = new HeadGraph(round.configuration());
      LAST.set(last);
    }
    round.state().copyTo(last.graph);
    last.gradients.assign(0);
    return last;
  }

  /** Lets go of this thread's graph. */
  static void free() {
    HeadGraph last = LAST.get();
    if (last != null) {
      HeadNetwork.free(last.graph);
      last.gradients.close();
      LAST.remove();
    }
  }

  /**
   * @param x {@code [rows][features]}, row-major
   * @param y {@code [rows][classes]}, row-major
   * @return the mean loss over the rows with the penalties, before the step
   */
  @SuppressWarnings("try") // a workspace is open, that is all
  double step(float[] x, float[] y, int rows) {
    if (dense == null) {
      try (INDArray features = matrix(x, rows);
          INDArray targets = matrix(y, rows)) {
        graph.fit(new INDArray[] {features}, new INDArray[] {targets});
      }
      return graph.score();
    }
    try (MemoryWorkspace arena =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(STEP, "GRAFT_STEP")) {
      double loss = dense.run(matrix(x, rows), matrix(y, rows));
      gradients.addi(graph.getGradientsViewArray());
      graph
          .getUpdater()
          .update(
              dense.gradient(),
              graph.getIterationCount(),
              graph.getEpochCount(),
              rows,
              LayerWorkspaceMgr.noWorkspaces());
      graph.params().subi(graph.getGradientsViewArray().reshape(graph.params().shape()));
      graph.getConfiguration().setIterationCount(graph.getIterationCount() + 1);
      return loss;
    }
  }

  HeadState state() {
    return HeadState.of(graph);
  }

  /** Sum over the rows of all steps, each at the parameters of its step, without penalties. */
  float[] gradients() {
    return HeadState.values(gradients);
  }

  private static INDArray matrix(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  /** Before the updater divides gradients by the rows and turns them, in place, into steps. */
  private final class Adding extends BaseTrainingListener {
    @Override
    public void onGradientCalculation(Model model) {
      gradients.addi(graph.getGradientsViewArray());
    }
  }
}
