package org.graft.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

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
  private final List<IUpdater> updaters;

  /** As configured: their rates may go by the epoch, and differ from layer to layer. */
  private final List<IUpdater> configured;

  private final Listening listening = new Listening();
  private DriftCorrection kept;

  /** Null where this round has none. */
  private DriftCorrection drift;

  private HeadGraph(String configuration) {
    this.configuration = configuration;
    this.graph = new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    graph.init();
    graph.initGradientsView();
    this.dense = DenseGradient.of(graph);
    this.gradients = graph.getGradientsViewArray().dup();
    this.updaters =
        Arrays.stream(graph.getLayers())
            .flatMap(layer -> updaters(layer.conf().getLayer()))
            .toList();
    this.configured = updaters.stream().map(IUpdater::clone).toList();
    if (dense == null) {
      graph.setListeners(List.of(listening));
    }
  }

  private static Stream<IUpdater> updaters(Layer layer) {
    if (layer instanceof AbstractSameDiffLayer own) {
      return Stream.of(own.getUpdater(), own.getBiasUpdater());
    }
    return layer instanceof BaseLayer own ? Stream.of(own.getIUpdater()) : Stream.of();
  }

  /** With these numbers. */
  static HeadGraph at(HeadRound round) {
    HeadGraph last = LAST.get();
    if (last == null || !last.configuration.equals(round.configuration())) {
      free();
      last = new HeadGraph(round.configuration());
      LAST.set(last);
    }
    last.begin(round);
    return last;
  }

  private void begin(HeadRound round) {
    round.state().copyTo(graph);
    gradients.assign(0);
    HeadState state = round.state();
    for (int i = 0; i < updaters.size(); i++) {
      double rate = configured.get(i).getLearningRate(state.iteration(), state.epoch());
      updaters.get(i).setLrAndSchedule(rate * round.rate(), null);
    }
    drift = round.anchor().isNone() ? null : drift();
    if (drift != null) {
      drift.begin(round);
    }
  }

  private DriftCorrection drift() {
    if (kept == null) {
      kept = new DriftCorrection(configuration);
    }
    return kept;
  }

  /** Lets go of this thread's graph. */
  static void free() {
    HeadGraph last = LAST.get();
    if (last != null) {
      HeadNetwork.free(last.graph);
      last.gradients.close();
      if (last.kept != null) {
        last.kept.close();
      }
      LAST.remove();
    }
  }

  /**
   * @param x {@code [rows][features]}, row-major
   * @param y {@code [rows][classes]}, row-major
   * @param weights of the rows, {@code [rows]}; null: all count 1
   * @return the mean loss over the rows with the penalties, before the step
   */
  @SuppressWarnings("try") // the arena is there to be closed
  double step(float[] x, float[] y, float[] weights, int rows) {
    if (dense == null) {
      try (INDArray features = matrix(x, rows);
          INDArray targets = matrix(y, rows);
          INDArray mask = weights == null ? null : matrix(weights, rows)) {
        listening.x = features;
        listening.y = targets;
        listening.mask = mask;
        graph.fit(
            new INDArray[] {features},
            new INDArray[] {targets},
            null,
            mask == null ? null : new INDArray[] {mask});
      }
      return graph.score();
    }
    try (MemoryWorkspace arena =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(STEP, "GRAFT_STEP")) {
      INDArray features = matrix(x, rows);
      INDArray targets = matrix(y, rows);
      INDArray mask = weights == null ? null : matrix(weights, rows);
      double loss = dense.run(features, targets, mask);
      gradientIsThere(features, targets, mask);
      graph
          .getUpdater()
          .update(
              dense.gradient(),
              graph.getIterationCount(),
              graph.getEpochCount(),
              rows,
              LayerWorkspaceMgr.noWorkspaces());
      INDArray move = graph.getGradientsViewArray();
      graph.params().subi(move.reshape(graph.params().shape()));
      graph.getConfiguration().setIterationCount(graph.getIterationCount() + 1);
      return loss;
    }
  }

  /** Before the updater divides it by the rows and turns it, in place, into a step. */
  private void gradientIsThere(INDArray x, INDArray y, INDArray mask) {
    gradients.addi(graph.getGradientsViewArray());
    if (drift != null) {
      drift.correct(graph.getGradientsViewArray(), x, y, mask);
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

  /** DL4J's own step does not give its batch away. */
  private final class Listening extends BaseTrainingListener {
    private INDArray x;
    private INDArray y;
    private INDArray mask;

    @Override
    public void onGradientCalculation(Model model) {
      gradientIsThere(x, y, mask);
    }
  }
}
