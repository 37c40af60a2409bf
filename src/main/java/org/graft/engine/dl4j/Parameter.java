package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A parameter of a graph as a weight file sees it.
 *
 * @param vertex the layer it belongs to
 * @param kind DL4J's name: W, b, gamma, beta, mean, var
 * @param tensor its name in the file
 * @param shape its shape in the file
 * @param view the graph's own memory, its axes in the file's order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Parameter(String vertex, String kind, String tensor, long[] shape, INDArray view) {

  /** Everything that {@code graph} must be given, in topological order. */
  static List<Parameter> of(ComputationGraph graph, Network network, Dialect dialect) {
    return all(graph, network, dialect).stream().filter(p -> p.tensor != null).toList();
  }

  /** Sets what is always one, and in no file: see {@link Network#tensor}. */
  static void setOnes(ComputationGraph graph, Network network, Dialect dialect) {
    all(graph, network, dialect).stream()
        .filter(p -> p.tensor == null)
        .forEach(p -> p.view.assign(1));
  }

  private static List<Parameter> all(ComputationGraph graph, Network network, Dialect dialect) {
    List<Parameter> all = new ArrayList<>();
    for (String vertex : graph.getConfiguration().getTopologicalOrderStr()) {
      Layer layer = graph.getLayer(vertex);
      if (layer == null) {
        continue;
      }
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        INDArray own = taps(entry.getValue(), network.gap(vertex));
        INDArray view = view(graph, vertex, dialect, entry.getKey(), own);
        String kind = entry.getKey();
        String tensor = network.tensor(dialect, vertex, kind);
        long[] shape = network.shape(dialect, vertex, kind, fileShape(own, view));
        all.add(new Parameter(vertex, kind, tensor, shape, view));
      }
    }
    return all;
  }

  /** Writes the file's values into the graph. */
  void set(float[] values) {
    try (INDArray source = Nd4j.createFromArray(values)) {
      view.assign(source.reshape('c', view.shape()));
    }
  }

  /** The graph's values as the file would have them. */
  float[] get() {
    return view.dup('c').data().asFloat();
  }

  /** Without the zeros in a depthwise kernel, {@code [height][width][in][multiplier]}. */
  private static INDArray taps(INDArray own, int gap) {
    return gap == 1
        ? own
        : own.get(
            NDArrayIndex.all(),
            NDArrayIndex.interval(0, gap, own.size(1)),
            NDArrayIndex.all(),
            NDArrayIndex.all());
  }

  private static INDArray view(
      ComputationGraph graph, String vertex, Dialect dialect, String kind, INDArray own) {
    if (!kind.equals("W")) {
      return own.reshape(own.length());
    }
    var conf = graph.getLayer(vertex).conf().getLayer();
    boolean torch = !dialect.channelsLast();
    if (conf instanceof DepthwiseConvolution2D) { // [kh, kw, in, multiplier]
      return torch ? own.permute(2, 3, 0, 1) : own;
    }
    if (conf instanceof ConvolutionLayer) { // [out, in, kh, kw]
      return torch ? own : own.permute(2, 3, 1, 0);
    }
    return torch ? own.transpose() : channelsLast(own, graph, vertex); // [in, out], 'f' order
  }

  /**
   * Keras flattens [height][width][channels], the graph [channels][height][width]: the rows of a
   * dense layer after pictures, as [height][width][channels][out].
   */
  private static INDArray channelsLast(INDArray own, ComputationGraph graph, String vertex) {
    var config = (LayerVertex) graph.getConfiguration().getVertices().get(vertex);
    if (!(config.getPreProcessor() instanceof CnnToFeedForwardPreProcessor flat)) {
      return own;
    }
    return own.reshape(
            'f', flat.getInputWidth(), flat.getInputHeight(), flat.getNumChannels(), own.size(1))
        .permute(1, 0, 2, 3);
  }

  /** A dense layer has two axes in the file, even where the view needs four. */
  private static long[] fileShape(INDArray own, INDArray view) {
    return own.rank() == 2 && view.rank() == 4 ? own.shape() : view.shape();
  }
}
