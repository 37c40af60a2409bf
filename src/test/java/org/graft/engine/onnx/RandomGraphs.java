package org.graft.engine.onnx;

import java.util.Random;
import java.util.SplittableRandom;
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
    fill(graph, seed);
    return graph;
  }

  static void fill(ComputationGraph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    graph.paramTable().forEach((name, values) -> fill(name, values, random));
  }

  private static void fill(String name, INDArray array, SplittableRandom random) {
    String kind = name.substring(name.lastIndexOf('_') + 1);
    double fanIn = Math.max(1, array.length() / (double) Math.max(array.size(0), array.size(-1)));
    float[] values = new float[(int) array.length()];
    for (int i = 0; i < values.length; i++) {
      double uniform = random.nextDouble();
      values[i] =
          (float)
              switch (kind) {
                case "gamma" -> 0.5 + uniform;
                case "var" -> 0.2 + 2 * uniform;
                case "log10stdev" -> 0.5 * uniform - 0.25;
                case "beta", "mean", "b" -> 2 * uniform - 1;
                default -> (2 * uniform - 1) * Math.sqrt(6 / fanIn);
              };
    }
    array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
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
