package org.graft.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.weights.WeightInit;
import org.graft.common.Checks;
import org.graft.common.SeededHash;
import org.graft.head.FeatureScaling;
import org.graft.head.HeadSpec;
import org.graft.head.LossFunction;
import org.graft.head.OrdinalLoss;
import org.graft.head.SampleLoss;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions;
import org.graft.head.ValueLoss;
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
      HeadSpec spec, int width, Output output, SampleLoss loss, TrainingOptions options) {
    int[] widths = widths(width, spec.hidden(), loss.classes());
    NeuralNetConfiguration.Builder common =
        new NeuralNetConfiguration.Builder()
            .weightInit(WeightInit.ZERO)
            .updater(updater(options))
            .l2(options.l2());
    float[] parameters =
        output == Output.ORDINAL
            ? OrdinalTop.initial(
                initial(widths(width, spec.hidden(), 1), batchNorm(spec), options.seed()),
                loss.classes())
            : initial(widths, batchNorm(spec), options.seed());
    return graph(common, spec, widths, output, loss(output, loss), parameters);
  }

  /**
   * Makes a trained head's parameters those of a graph of its shape, without batch norm.
   *
   * @param head for raw features
   * @param scaling of the features that the graph takes
   */
  static void begin(ComputationGraph graph, TrainedHead head, FeatureScaling scaling) {
    FloatBuffer parameters = FloatBuffer.allocate(Math.toIntExact(graph.numParams()));
    for (int i = 0; i < head.layers().size(); i++) {
      Dense layer = head.layers().get(i);
      Dense own = i == 0 ? scaling.unfold(layer) : layer;
      parameters.put(own.weights()).put(own.bias());
    }
    Checks.argument(!parameters.hasRemaining(), "%d more parameters", parameters.remaining());
    graph.params().data().asNioFloat().put(parameters.flip());
  }

  /** A graph that gives {@code head}'s probabilities: to export, or to compare with. */
  public static ComputationGraph of(TrainedHead head) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).graphBuilder().addInputs(INPUT);
    List<String> layers = ScoringLayers.add(builder, head, INPUT, name -> name);
    builder.setOutputs(layers.get(layers.size() - 1));
    ComputationGraph graph = init(builder.build(), null);
    ScoringLayers.fill(graph, layers, head);
    return graph;
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

  /** What a graph that this class made does in scoring: batch norm is folded into what is below. */
  public static TrainedHead head(ComputationGraph graph, Output output, Labels labels) {
    List<Dense> layers = new ArrayList<>();
    for (Layer layer : graph.getLayers()) {
      if (layer instanceof BatchNormalization) {
        layers.add(HeadBatchNorm.fold(layers.remove(layers.size() - 1), layer));
      } else if (layer.numParams() > 0) {
        layers.add(dense(layer));
      }
    }
    return new TrainedHead(
        output == Output.ORDINAL ? OrdinalTop.fold(layers) : layers, output, labels);
  }

  private static Dense dense(Layer layer) {
    INDArray weights = layer.getParam("W");
    int outputs = Math.toIntExact(weights.size(1));
    return new Dense(
        Math.toIntExact(weights.size(0)),
        outputs,
        weights.dup('f').data().asFloat(),
        layer.paramTable().containsKey("b")
            ? layer.getParam("b").toFloatVector()
            : new float[outputs]);
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
      HeadSpec spec,
      int[] widths,
      Output output,
      ILossFunction loss,
      float[] parameters) {
    GraphBuilder builder = common.graphBuilder().addInputs(INPUT);
    addLayers(builder, INPUT, spec, widths, output, loss);
    INDArray flat = Nd4j.create(parameters, new long[] {1, parameters.length}, 'c');
    return init(builder.setOutputs(OUTPUT).build(), flat);
  }

  /**
   * Draws a head on top of {@code input}; the names of its layers are {@link #layers}.
   *
   * @param widths of the features, the hidden layers and the output
   */
  static void addLayers(
      GraphBuilder builder,
      String input,
      HeadSpec spec,
      int[] widths,
      Output output,
      ILossFunction loss) {
    String below = input;
    int last = widths.length - 2;
    for (int i = 0; i < last; i++) {
      below = hidden(builder, spec, widths, i, below);
    }
    if (output == Output.ORDINAL) {
      OrdinalTop.add(builder, below, widths[last], widths[last + 1], loss, OUTPUT);
      return;
    }
    OutputLayer.Builder top =
        new OutputLayer.Builder(loss)
            .nIn(widths[last])
            .nOut(widths[last + 1])
            .activation(ScoringLayers.activation(output));
    dropOut(top, spec, last);
    builder.addLayer(OUTPUT, top.build(), below);
  }

  /** Dense, batch norm where it is wanted, ReLU. */
  private static String hidden(
      GraphBuilder builder, HeadSpec spec, int[] widths, int i, String below) {
    boolean batchNorm = batchNorm(spec);
    DenseLayer.Builder layer =
        new DenseLayer.Builder()
            .nIn(widths[i])
            .nOut(widths[i + 1])
            .hasBias(!batchNorm) // the mean that is subtracted would take it away
            .activation(batchNorm ? Activation.IDENTITY : Activation.RELU);
    dropOut(layer, spec, i);
    String name = "hidden" + i;
    builder.addLayer(name, layer.build(), below);
    if (!batchNorm) {
      return name;
    }
    builder.addLayer(HeadBatchNorm.NAME + i, HeadBatchNorm.layer(widths[i + 1]), name);
    ActivationLayer relu = new ActivationLayer.Builder().activation(Activation.RELU).build();
    builder.addLayer("relu" + i, relu, HeadBatchNorm.NAME + i);
    return "relu" + i;
  }

  /** Of the outputs of hidden layers, so of what other layers take in. */
  private static void dropOut(BaseLayer.Builder<?> layer, HeadSpec spec, int i) {
    if (i > 0 && spec instanceof HeadSpec.Mlp mlp && mlp.dropout() > 0) {
      layer.dropOut(new HeadDropout(mlp.dropout(), i));
    }
  }

  private static boolean batchNorm(HeadSpec spec) {
    return spec instanceof HeadSpec.Mlp mlp && mlp.batchNorm();
  }

  /**
   * A graph over these parameters. oneDNN's batch norm has other last bits than DL4J's, and whether
   * layers take it depends on what else the process has done. A tail has none, and convolutions.
   *
   * @param parameters null for some that are to be overwritten
   */
  static ComputationGraph init(ComputationGraphConfiguration conf, INDArray parameters) {
    Supplier<ComputationGraph> maker =
        () -> {
          ComputationGraph graph = new ComputationGraph(conf);
          graph.init(parameters, false);
          return graph;
        };
    return conf.getVertices().containsKey(TailDrawing.SCALED)
        ? Dl4jEngine.withOneDnn(maker)
        : Dl4jEngine.withoutOneDnn(maker);
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

  private static int parameters(int[] widths, boolean batchNorm) {
    int sum = 0;
    for (int i = 1; i < widths.length; i++) {
      int others = batchNorm && i < widths.length - 1 ? 4 : 1; // than weights, for each output
      sum = Math.addExact(sum, Math.multiplyExact(widths[i - 1] + others, widths[i]));
    }
    return sum;
  }

  private static float[] initial(int[] widths, boolean batchNorm, long seed) {
    float[] parameters = new float[parameters(widths, batchNorm)];
    int at = 0;
    for (int layer = 0; layer < widths.length - 2; layer++) {
      double deviation = Math.sqrt(2.0 / widths[layer]);
      int outputs = widths[layer + 1];
      int weights = widths[layer] * outputs;
      for (int i = 0; i < weights; i++) {
        parameters[at + i] = (float) (deviation * normal(seed, layer, i));
      }
      at += weights;
      if (batchNorm) {
        HeadBatchNorm.initial(parameters, at, outputs);
      }
      at += (batchNorm ? 4 : 1) * outputs;
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

  static ILossFunction loss(Output output, SampleLoss loss) {
    if (loss instanceof ValueLoss value) {
      return new HeadValueLoss(value);
    }
    if (loss instanceof OrdinalLoss ordinal) {
      return new HeadOrdinalLoss(ordinal);
    }
    LossFunction entropy = (LossFunction) loss;
    if (!entropy.plain()) {
      return new HeadLoss(entropy);
    }
    return output == Output.SOFTMAX ? new LossMCXENT() : new LossBinaryXENT();
  }
}
