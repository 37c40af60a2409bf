package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.TrainedHead.Dense;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch norm of a hidden layer by DL4J's layer, with PyTorch's numbers: epsilon 1e-5, running
 * statistics that move a tenth towards each batch's. They are parameters, so they are averaged with
 * the others, weighted by examples.
 */
final class HeadBatchNorm {
  /** That of each such layer begins so. */
  static final String NAME = "norm";

  private static final double EPSILON = 1e-5;
  private static final double DECAY = 0.9;

  private HeadBatchNorm() {}

  static BatchNormalization layer(int width) {
    return new BatchNormalization.Builder()
        .decay(DECAY)
        .eps(EPSILON)
        .nIn(width)
        .nOut(width)
        .useLogStd(false)
        .build();
  }

  /** Puts the parameters of an untrained layer at {@code at}: gamma, beta, mean, variance. */
  static void initial(float[] parameters, int at, int width) {
    Arrays.fill(parameters, at, at + width, 1);
    Arrays.fill(parameters, at + 3 * width, at + 4 * width, 1);
  }

  /** The layer that does what {@code below} and then {@code norm} do in scoring. */
  static Dense fold(Dense below, Layer norm) {
    float[] gamma = norm.getParam("gamma").toFloatVector();
    float[] beta = norm.getParam("beta").toFloatVector();
    float[] mean = norm.getParam("mean").toFloatVector();
    float[] variance = norm.getParam("var").toFloatVector();
    float[] weights = below.weights().clone();
    float[] bias = new float[below.outputs()];
    for (int o = 0, at = 0; o < bias.length; o++) {
      double factor = gamma[o] / Math.sqrt(variance[o] + EPSILON);
      bias[o] = (float) (beta[o] + factor * (below.bias()[o] - mean[o]));
      for (int i = 0; i < below.inputs(); i++, at++) {
        weights[at] = (float) (factor * weights[at]);
      }
    }
    return new Dense(below.inputs(), below.outputs(), weights, bias);
  }

  static boolean isIn(ComputationGraph graph) {
    return graph.getConfiguration().getVertices().containsKey(NAME + 0);
  }

  /**
   * The rows of a batch. A row that is alone comes twice, which changes neither mean loss nor
   * gradient: DL4J's batch norm fails on a matrix of one row.
   */
  static int[] rows(ComputationGraph graph, int[] order, int from, int to) {
    boolean alone = to - from == 1 && isIn(graph);
    return alone ? new int[] {order[from], order[from]} : Arrays.copyOfRange(order, from, to);
  }

  /**
   * The gradient of the loss over a batch, before the updater turns it into a step. DL4J keeps the
   * way that running statistics are about to go among the gradients; in what is returned, there is
   * 0 instead. The way itself is made PyTorch's: running variances are of the unbiased kind, and a
   * batch of one row, which has none, moves nothing.
   *
   * @param rows of the batch, each counted once
   * @return sum over the rows
   */
  static float[] gradient(ComputationGraph graph, int rows) {
    List<INDArray> ways = ways(graph, rows);
    List<INDArray> kept = ways.stream().map(INDArray::dup).toList();
    ways.forEach(way -> way.assign(0));
    float[] gradient = graph.gradient().gradient().toFloatVector();
    for (int i = 0; i < gradient.length && rows != graph.batchSize(); i++) {
      gradient[i] *= (float) rows / graph.batchSize();
    }
    for (int i = 0; i < kept.size(); i++) {
      ways.get(i).assign(kept.get(i));
    }
    return gradient;
  }

  private static List<INDArray> ways(ComputationGraph graph, int rows) {
    List<INDArray> ways = new ArrayList<>();
    graph
        .gradient()
        .gradientForVariable()
        .forEach(
            (name, way) -> {
              if (name.startsWith(NAME) && name.endsWith("_mean")) {
                ways.add(rows == 1 ? way.assign(0) : way);
              } else if (name.startsWith(NAME) && name.endsWith("_var")) {
                ways.add(rows == 1 ? way.assign(0) : unbiased(way, graph.getParam(name), rows));
              }
            });
    return ways;
  }

  /** From {@code (1 - decay)(running - v)} to {@code (1 - decay)(running - v n / (n - 1))}. */
  private static INDArray unbiased(INDArray way, INDArray running, int rows) {
    double factor = rows / (rows - 1.0);
    return way.muli(factor).addi(running.mul((1 - DECAY) * (1 - factor)));
  }
}
