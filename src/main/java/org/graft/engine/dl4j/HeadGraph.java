package org.graft.engine.dl4j;

import java.nio.FloatBuffer;
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
    this.graph = HeadNetwork.init(ComputationGraphConfiguration.fromJson(configuration), null);
    graph.initGradientsView();
    // Now, with the rates' schedules: layers that happen to have the same rate would share one.
    graph.getUpdater();
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
    // the way of running statistics is no gradient, so there is nothing to correct it by
    drift = round.anchor().isNone() || HeadBatchNorm.isIn(graph) ? null : drift();
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

  /** The rows of a batch, see {@link HeadBatchNorm#rows}. */
  int[] rows(int[] order, int from, int to) {
    return HeadBatchNorm.rows(graph, order, from, to);
  }

  /** Gives the mean loss over the rows with the penalties, before the step. */
  @SuppressWarnings("try") // the arena is there to be closed
  double step(HeadBatch batch) {
    if (dense == null) {
      HeadDropout.draw(graph, batch.draws());
      RowLoss.weigh(graph, batch.weights());
      try (INDArray features = batch.features();
          INDArray targets = batch.targets()) {
        listening.batch = batch;
        listening.x = features;
        listening.y = targets;
        graph.fit(new INDArray[] {features}, new INDArray[] {targets});
      }
      return graph.score();
    }
    try (MemoryWorkspace arena =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(STEP, "GRAFT_STEP")) {
      INDArray features = batch.features();
      INDArray targets = batch.targets();
      double loss = dense.run(features, targets, batch.mask());
      gradients.addi(graph.getGradientsViewArray());
      correct(batch, features, targets);
      graph
          .getUpdater()
          .update(
              dense.gradient(),
              graph.getIterationCount(),
              graph.getEpochCount(),
              batch.rows(),
              LayerWorkspaceMgr.noWorkspaces());
      INDArray move = graph.getGradientsViewArray();
      graph.params().subi(move.reshape(graph.params().shape()));
      graph.getConfiguration().setIterationCount(graph.getIterationCount() + 1);
      return loss;
    }
  }

  /** Before the updater divides the gradient by the rows and turns it, in place, into a step. */
  private void correct(HeadBatch batch, INDArray x, INDArray y) {
    if (drift != null) {
      drift.correct(graph.getGradientsViewArray(), batch, x, y);
    }
  }

  /** Where they are now. */
  FloatBuffer parameters() {
    return graph.params().data().asNioFloat();
  }

  FloatBuffer updater() {
    INDArray state = graph.getUpdater().getStateViewArray();
    return state == null ? FloatBuffer.allocate(0) : state.data().asNioFloat();
  }

  /** Sum over the rows of all steps, each at the parameters of its step, without penalties. */
  FloatBuffer gradients() {
    return gradients.data().asNioFloat();
  }

  /** DL4J's own step does not give its batch away. */
  private final class Listening extends BaseTrainingListener {
    private HeadBatch batch;
    private INDArray x;
    private INDArray y;

    @Override
    public void onGradientCalculation(Model model) {
      float[] gradient = HeadBatchNorm.gradient(graph, batch.examples());
      try (INDArray sum = Nd4j.create(gradient, gradients.shape(), 'c')) {
        gradients.addi(sum);
      }
      correct(batch, x, y);
    }
  }
}
