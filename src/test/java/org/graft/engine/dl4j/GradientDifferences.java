package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Compares a graph's gradient with how its loss changes along it and along single layers' parts.
 */
final class GradientDifferences {
  private static final double STEP = 5e-4;

  private GradientDifferences() {}

  /**
   * Layer by layer: the loss's change along the layer's own gradient is its squared length. Changes
   * are central differences of the float32 loss, a step's length being chosen so that the loss
   * changes by about {@link #STEP}.
   */
  static void check(ComputationGraph graph, INDArray x, INDArray y) {
    graph.setInput(0, x);
    graph.setLabel(0, y);
    graph.computeGradientAndScore();
    Map<String, INDArray> gradients = new java.util.TreeMap<>();
    graph.gradient().gradientForVariable().forEach((name, g) -> gradients.put(name, g.dup()));
    for (Map.Entry<String, INDArray> of : gradients.entrySet()) {
      if (of.getKey().startsWith(TailDrawing.SCALED)) {
        continue;
      }
      INDArray gradient = of.getValue();
      double squares = gradient.mul(gradient).sumNumber().doubleValue() / x.size(0);
      if (squares < 1e-5) {
        continue;
      }
      INDArray parameter = graph.getParam(of.getKey());
      INDArray kept = parameter.dup();
      double step = STEP / squares;
      double up = score(graph, parameter, kept, gradient, step, x, y);
      double down = score(graph, parameter, kept, gradient, -step, x, y);
      parameter.assign(kept);
      double change = (up - down) / 2;
      assertTrue(
          Math.abs(change / STEP - 1) < 0.05, () -> of.getKey() + ": " + change + " for " + STEP);
    }
  }

  private static double score(
      ComputationGraph graph,
      INDArray parameter,
      INDArray kept,
      INDArray direction,
      double step,
      INDArray x,
      INDArray y) {
    parameter.assign(kept.add(direction.mul(step)));
    return graph.score(new DataSet(x, y), true);
  }
}
