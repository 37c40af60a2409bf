package org.graft.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.graft.backbone.BackboneCard.Input;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sends a batch through a network, vertex by vertex, and sets each batch norm to the mean and
 * variance that it meets. Where batch norm is folded into the convolutions, each of those is
 * rescaled to zero mean and unit variance a channel: the same as gamma 1 and beta 0, folded.
 */
final class Calibration {
  private static final double EPSILON = 1e-5;

  private final ComputationGraph graph;
  private final boolean folded;
  private final List<Parameter> parameters;
  private final Map<String, INDArray> activations = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();

  Calibration(FrozenNetwork frozen, Network network, Dialect dialect) {
    graph = frozen.graph();
    folded = dialect.foldsBatchNorm();
    parameters = Parameter.of(graph, network, dialect);
  }

  List<Parameter> parameters() {
    return parameters;
  }

  /**
   * @param inputs {@code [n][channels x height x width]}
   */
  void run(float[][] inputs, Input shape) {
    graph
        .getConfiguration()
        .getVertexInputs()
        .forEach((vertex, from) -> from.forEach(name -> readers.merge(name, 1, Integer::sum)));
    INDArray batch =
        Nd4j.createFromArray(inputs)
            .reshape(inputs.length, shape.channels(), shape.height(), shape.width());
    graph.setInput(0, batch); // a flattening preprocessor asks the graph how many samples there are
    activations.put(Sketch.INPUT, batch);
    for (String name : graph.getConfiguration().getTopologicalOrderStr()) {
      if (!name.equals(Sketch.INPUT)) {
        visit(name);
      }
    }
    activations.values().forEach(INDArray::close);
    activations.clear();
  }

  private void visit(String name) {
    List<String> inputs = graph.getConfiguration().getVertexInputs().get(name);
    var layer = graph.getLayer(name) == null ? null : graph.getLayer(name).conf().getLayer();
    if (layer instanceof BatchNormalization) {
      Moments moments = Moments.of(activations.get(inputs.get(0)));
      set(name, "mean", moments.mean());
      set(name, "var", moments.variance());
    } else if (folded && layer instanceof ConvolutionLayer convolution) {
      normalise(name, inputs, convolution);
    }
    INDArray output = forward(name, inputs);
    activations.put(name, output);
    inputs.forEach(input -> release(input, output));
  }

  private INDArray forward(String name, List<String> inputs) {
    GraphVertex vertex = graph.getVertex(name);
    for (int i = 0; i < inputs.size(); i++) {
      vertex.setInput(i, input(name, inputs.get(i)), LayerWorkspaceMgr.noWorkspaces());
    }
    INDArray output = vertex.doForward(false, LayerWorkspaceMgr.noWorkspaces());
    vertex.clear();
    return output;
  }

  /** A copy for an activation, which works in place, if others are to read the same. */
  private INDArray input(String vertex, String from) {
    INDArray array = activations.get(from);
    boolean inPlace =
        graph.getLayer(vertex) != null
            && graph.getLayer(vertex).conf().getLayer() instanceof ActivationLayer;
    return inPlace && readers.get(from) > 1 ? array.dup() : array;
  }

  /** Divides weights by the deviation of what comes out before the activation, and centres it. */
  private void normalise(String name, List<String> inputs, BaseLayer layer) {
    IActivation activation = layer.getActivationFn();
    layer.setActivationFn(new ActivationIdentity());
    INDArray before = forward(name, inputs);
    Moments moments = Moments.of(before);
    before.close();
    layer.setActivationFn(activation);
    parameters.stream()
        .filter(parameter -> parameter.vertex().equals(name))
        .forEach(parameter -> rescale(parameter, moments));
  }

  /** Channels come first in the file's order; biases were zero. */
  private static void rescale(Parameter parameter, Moments moments) {
    float[] values = parameter.get();
    boolean weight = parameter.kind().equals("W");
    int perChannel = values.length / moments.mean().length;
    for (int i = 0; i < values.length; i++) {
      int channel = i / perChannel;
      double deviation = Math.sqrt(moments.variance()[channel] + EPSILON);
      values[i] = (float) ((weight ? values[i] : -moments.mean()[channel]) / deviation);
    }
    parameter.set(values);
  }

  private void set(String vertex, String kind, float[] values) {
    parameters.stream()
        .filter(p -> p.vertex().equals(vertex) && p.kind().equals(kind))
        .forEach(p -> p.set(values));
  }

  /** Frees what nobody reads any more, unless a layer that works in place made it its output. */
  private void release(String name, INDArray output) {
    if (readers.merge(name, -1, Integer::sum) == 0) {
      INDArray array = activations.remove(name);
      if (array.data().address() != output.data().address()) {
        array.close();
      }
    }
  }

  /** Mean and variance of each channel of {@code [n][channels][height][width]}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Moments(float[] mean, float[] variance) {
    static Moments of(INDArray batch) {
      int channels = (int) batch.size(1);
      Moments moments = new Moments(new float[channels], new float[channels]);
      try (INDArray ordered = batch.dup('c')) {
        FloatBuffer values = ordered.data().asNioFloat();
        int positions = (int) (batch.size(2) * batch.size(3));
        for (int channel = 0; channel < channels; channel++) {
          moments.measure(channel, values, (int) batch.size(0), positions);
        }
      }
      return moments;
    }

    private void measure(int channel, FloatBuffer values, int samples, int positions) {
      double sum = 0;
      double squares = 0;
      for (int sample = 0; sample < samples; sample++) {
        int from = (sample * mean.length + channel) * positions;
        for (int i = from; i < from + positions; i++) {
          double value = values.get(i);
          sum += value;
          squares += value * value;
        }
      }
      double count = (double) samples * positions;
      mean[channel] = (float) (sum / count);
      variance[channel] = (float) Math.max(0, squares / count - (sum / count) * (sum / count));
    }
  }
}
