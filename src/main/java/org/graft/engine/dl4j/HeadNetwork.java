package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.graft.common.SeededHash;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadSpec;
import org.graft.head.LossWeights;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.sample.Labels;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Heads as DL4J graphs, and back.
 *
 * <p>DL4J keeps a dense layer's parameters as W {@code [inputs][outputs]} in 'f' order, then b: the
 * very numbers of {@link Dense}, whose W is {@code [outputs][inputs]} in 'c' order.
 */
public final class HeadNetwork {
  private static final String INPUT = "features";
  private static final String OUTPUT = "output";

  private HeadNetwork() {}

  /**
   * A graph to train. The output layer starts at zero, so all labels are equally probable; hidden
   * layers start as He et al. (2015) have it for ReLU, drawn by hash of the seed.
   *
   * @param width of the features
   */
  public static ComputationGraph create(
      HeadSpec spec, int width, Output output, LossWeights weights, TrainingOptions options) {
    int[] widths = widths(width, spec.hidden(), weights.present().length);
    NeuralNetConfiguration.Builder common =
        new NeuralNetConfiguration.Builder()
            .weightInit(WeightInit.ZERO)
            .updater(updater(options))
            .l2(options.l2());
    return graph(common, widths, output, loss(output, weights), initial(widths, options.seed()));
  }

  /** A graph that gives {@code head}'s probabilities: to export, or to compare with. */
  public static ComputationGraph of(TrainedHead head) {
    List<Integer> hidden = head.layers().stream().skip(1).map(Dense::inputs).toList();
    int[] widths = widths(head.width(), hidden, head.labels().size());
    float[] parameters = new float[parameters(widths)];
    int at = 0;
    for (Dense layer : head.layers()) {
      System.arraycopy(layer.weights(), 0, parameters, at, layer.weights().length);
      at += layer.weights().length;
      System.arraycopy(layer.bias(), 0, parameters, at, layer.bias().length);
      at += layer.bias().length;
    }
    NeuralNetConfiguration.Builder common =
        new NeuralNetConfiguration.Builder().updater(new Sgd(0.1));
    ILossFunction loss = head.output() == Output.SOFTMAX ? new LossMCXENT() : new LossBinaryXENT();
    return graph(common, widths, head.output(), loss, parameters);
  }

  /**
   * The parameters of a graph that this class made, for raw features.
   *
   * @param scaling of the features that the graph takes
   */
  static TrainedHead head(
      ComputationGraph graph, Output output, Labels labels, FeatureScaling scaling) {
    TrainedHead head = head(graph, output, labels);
    List<Dense> layers = new ArrayList<>(head.layers());
    layers.set(0, scaling.fold(layers.get(0)));
    return new TrainedHead(layers, output, labels);
  }

  /** The parameters of a graph that this class made. */
  public static TrainedHead head(ComputationGraph graph, Output output, Labels labels) {
    float[] parameters = graph.params().toFloatVector();
    List<Dense> layers = new ArrayList<>();
    int at = 0;
    for (org.deeplearning4j.nn.api.Layer layer : graph.getLayers()) {
      int inputs = Math.toIntExact(layer.getParam("W").size(0));
      int outputs = Math.toIntExact(layer.getParam("W").size(1));
      int bias = at + inputs * outputs;
      layers.add(
          new Dense(
              inputs,
              outputs,
              Arrays.copyOfRange(parameters, at, bias),
              Arrays.copyOfRange(parameters, bias, bias + outputs)));
      at = bias + outputs;
    }
    return new TrainedHead(layers, output, labels);
  }

  /**
   * Frees the arrays of a graph that is no longer needed. DL4J's own {@code close} also runs the
   * Java collector, twice, which costs more than a round.
   */
  static void free(ComputationGraph graph) {
    INDArray updater = graph.getUpdater().getStateViewArray();
    for (INDArray array : new INDArray[] {graph.params(), graph.getGradientsViewArray(), updater}) {
      if (array != null && array.closeable()) {
        array.close();
      }
    }
  }

  private static ComputationGraph graph(
      NeuralNetConfiguration.Builder common,
      int[] widths,
      Output output,
      ILossFunction loss,
      float[] parameters) {
    GraphBuilder builder = common.graphBuilder().addInputs(INPUT);
    addLayers(builder, INPUT, widths, output, loss);
    ComputationGraph graph = new ComputationGraph(builder.setOutputs(OUTPUT).build());
    INDArray flat = Nd4j.create(parameters, new long[] {1, parameters.length}, 'c');
    graph.init(flat, false);
    return graph;
  }

  /**
   * Draws a head on top of {@code below}; the names of its layers are {@link #layers}.
   *
   * @param widths of the features, the hidden layers and the output
   */
  static void addLayers(
      GraphBuilder builder, String input, int[] widths, Output output, ILossFunction loss) {
    String below = input;
    int last = widths.length - 2;
    for (int i = 0; i < last; i++) {
      DenseLayer layer =
          new DenseLayer.Builder()
              .nIn(widths[i])
              .nOut(widths[i + 1])
              .activation(Activation.RELU)
              .build();
      builder.addLayer("hidden" + i, layer, below);
      below = "hidden" + i;
    }
    OutputLayer top =
        new OutputLayer.Builder(loss)
            .nIn(widths[last])
            .nOut(widths[last + 1])
            .activation(output == Output.SOFTMAX ? Activation.SOFTMAX : Activation.SIGMOID)
            .build();
    builder.addLayer(OUTPUT, top, below);
  }

  /** The names of a head's layers, first to last. */
  static List<String> layers(int hidden) {
    return Stream.concat(IntStream.range(0, hidden).mapToObj(i -> "hidden" + i), Stream.of(OUTPUT))
        .toList();
  }

  static int[] widths(int features, List<Integer> hidden, int classes) {
    int[] widths = new int[hidden.size() + 2];
    widths[0] = features;
    Arrays.setAll(widths, i -> i == 0 ? features : i > hidden.size() ? classes : hidden.get(i - 1));
    return widths;
  }

  private static int parameters(int[] widths) {
    int sum = 0;
    for (int i = 1; i < widths.length; i++) {
      sum = Math.addExact(sum, Math.multiplyExact(widths[i - 1] + 1, widths[i]));
    }
    return sum;
  }

  private static float[] initial(int[] widths, long seed) {
    float[] parameters = new float[parameters(widths)];
    int at = 0;
    for (int layer = 0; layer < widths.length - 2; layer++) {
      double deviation = Math.sqrt(2.0 / widths[layer]);
      int weights = widths[layer] * widths[layer + 1];
      for (int i = 0; i < weights; i++) {
        parameters[at + i] = (float) (deviation * normal(seed, layer, i));
      }
      at += weights + widths[layer + 1];
    }
    return parameters;
  }

  /** One draw from the standard normal distribution (Box and Muller 1958). */
  private static double normal(long seed, int layer, int index) {
    double u = 1 - SeededHash.unit(SeededHash.hash(seed, layer, index, 0));
    double v = SeededHash.unit(SeededHash.hash(seed, layer, index, 1));
    return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
  }

  private static IUpdater updater(TrainingOptions options) {
    return switch (options.updater()) {
      case SGD -> new Sgd(options.learningRate());
      // with one number, that would be the momentum
      case NESTEROVS -> new Nesterovs(options.learningRate(), Nesterovs.DEFAULT_NESTEROV_MOMENTUM);
      case ADAM -> new Adam(options.learningRate());
    };
  }

  /** The same updater at another rate. */
  static IUpdater updater(TrainingOptions options, ISchedule rate) {
    return switch (options.updater()) {
      case SGD -> new Sgd(rate);
      case NESTEROVS -> new Nesterovs(rate, Nesterovs.DEFAULT_NESTEROV_MOMENTUM);
      case ADAM -> new Adam(rate);
    };
  }

  static ILossFunction loss(Output output, LossWeights weights) {
    if (weights.uniform()) {
      return output == Output.SOFTMAX ? new LossMCXENT() : new LossBinaryXENT();
    }
    return output == Output.SOFTMAX
        ? new LossMCXENT(Nd4j.create(weights.present(), new long[] {1, weights.present().length}))
        : new HeadBinaryLoss(weights.present(), weights.absent());
  }
}
