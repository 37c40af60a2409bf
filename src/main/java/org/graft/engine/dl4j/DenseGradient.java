package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Loss and gradient of a graph that is a chain of dense layers, by the operations that DL4J itself
 * does, in the same bits, without those whose results nobody uses: DL4J computes every layer
 * forward a second time on the way back, and a gradient for the features. On wide features that is
 * half of all the arithmetic.
 */
final class DenseGradient {
  private final List<Layer> layers;
  private final List<Map<String, INDArray>> views = new ArrayList<>();
  private final Gradient gradient;

  private DenseGradient(ComputationGraph graph) {
    this.layers = Arrays.asList(graph.getLayers());
    this.gradient = new DefaultGradient(graph.getGradientsViewArray());
    for (Layer layer : layers) {
      NeuralNetConfiguration conf = layer.conf();
      INDArray flat = layer.getGradientsViewArray();
      Map<String, INDArray> view =
          conf.getLayer().initializer().getGradientsFromFlattened(conf, flat);
      views.add(view);
      String name = conf.getLayer().getLayerName();
      view.forEach((key, array) -> gradient.setGradientFor(name + "_" + key, array, 'f'));
    }
  }

  /** Null where the graph is of another kind. */
  static DenseGradient of(ComputationGraph graph) {
    boolean dense = true;
    for (GraphVertex vertex : graph.getVertices()) {
      dense &= vertex.isInputVertex() || dense(vertex);
    }
    return dense ? new DenseGradient(graph) : null;
  }

  private static boolean dense(GraphVertex vertex) {
    if (!(vertex instanceof LayerVertex layer)
        || layer.getLayerPreProcessor() != null
        || vertex.getNumInputArrays() != 1) {
      return false;
    }
    org.deeplearning4j.nn.conf.layers.Layer conf = vertex.getLayer().conf().getLayer();
    return (conf.getClass() == DenseLayer.class || conf.getClass() == OutputLayer.class)
        && conf.getIDropout() == null
        && (conf.getConstraints() == null || conf.getConstraints().isEmpty())
        && ((BaseLayer) conf).getWeightNoise() == null
        && vertex.getLayer().getParam("b") != null
        && vertex.getLayer().getParam("g") == null;
  }

  /** Where {@link #run} leaves it, as DL4J's updaters want it. */
  Gradient gradient() {
    return gradient;
  }

  /**
   * Leaves the gradient's sum over the rows in the graph's gradient view.
   *
   * @param x {@code [rows][features]}
   * @param y {@code [rows][classes]}
   * @param mask weights of the rows, {@code [rows][1]}; null: all count 1
   * @return the mean loss with the penalties, before any step
   */
  double run(INDArray x, INDArray y, INDArray mask) {
    List<INDArray> inputs = new ArrayList<>();
    List<INDArray> sums = new ArrayList<>();
    INDArray a = x;
    for (int i = 0; i < layers.size(); i++) {
      inputs.add(a);
      INDArray z = forward(layers.get(i), a);
      sums.add(z);
      a = i < layers.size() - 1 ? conf(i).getActivationFn().getActivation(z.dup(), true) : a;
    }
    int top = layers.size() - 1;
    BaseOutputLayer output = (BaseOutputLayer) conf(top);
    INDArray z = sums.get(top);
    double penalty = 0;
    for (Layer layer : layers) {
      penalty += layer.calcRegularizationScore(true);
    }
    double loss =
        output.getLossFn().computeScore(y, z.dup(), output.getActivationFn(), mask, false);
    INDArray delta = output.getLossFn().computeGradient(y, z, output.getActivationFn(), mask);
    for (int i = top; i >= 0; i--) {
      if (i < top) {
        delta = conf(i).getActivationFn().backprop(sums.get(i), delta).getFirst();
      }
      Nd4j.gemm(inputs.get(i), delta, views.get(i).get("W"), true, false, 1.0, 0.0);
      delta.sum(views.get(i).get("b"), 0);
      if (i > 0) {
        INDArray w = layers.get(i).getParam("W");
        INDArray below =
            Nd4j.createUninitialized(w.dataType(), new long[] {w.size(0), delta.size(0)}, 'f');
        delta = w.mmuli(delta.transpose(), below).transpose();
      }
    }
    return loss / x.size(0) + penalty;
  }

  private static INDArray forward(Layer layer, INDArray input) {
    INDArray w = layer.getParam("W");
    INDArray z = Nd4j.createUninitialized(w.dataType(), new long[] {input.size(0), w.size(1)}, 'c');
    input.mmuli(w, z);
    return z.addiRowVector(layer.getParam("b"));
  }

  private BaseLayer conf(int i) {
    return (BaseLayer) layers.get(i).conf().getLayer();
  }
}
