package org.graft.engine.onnx;

import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Graphs with He-initialised weights and random batch norm statistics, by seed. */
public final class RandomGraphs {
  private RandomGraphs() {}

  /** A builder with one input named {@code in}; activations are the identity unless set. */
  public static GraphBuilder builder(Input input) {
    return builder(InputType.convolutional(input.height(), input.width(), input.channels()));
  }

  static GraphBuilder builder(InputType input) {
    return new NeuralNetConfiguration.Builder()
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(input);
  }

  public static ComputationGraph initialised(GraphBuilder builder, long seed) {
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    Random random = new Random(seed);
    for (Map.Entry<String, INDArray> parameter : graph.paramTable().entrySet()) {
      fill(parameter.getKey(), parameter.getValue(), random);
    }
    return graph;
  }

  private static void fill(String name, INDArray array, Random random) {
    String kind = name.substring(name.lastIndexOf('_') + 1);
    double fanIn = Math.max(1, array.length() / (double) Math.max(array.size(0), array.size(-1)));
    for (long i = 0; i < array.length(); i++) {
      double gaussian = random.nextGaussian();
      array.putScalar(
          i,
          switch (kind) {
            case "gamma" -> 0.5 + random.nextDouble();
            case "var" -> 0.2 + 2 * random.nextDouble();
            case "log10stdev" -> 0.5 * random.nextDouble() - 0.25;
            case "beta", "mean", "b" -> 0.5 * gaussian;
            default -> gaussian * Math.sqrt(2 / fanIn);
          });
    }
  }

  /** {@code [n][channels][height][width]} of noise with unit variance. */
  public static INDArray pictures(int n, Input input, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n * input.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values)
        .reshape('c', n, input.channels(), input.height(), input.width());
  }
}
