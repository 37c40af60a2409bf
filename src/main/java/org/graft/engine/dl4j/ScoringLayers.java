package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a trained head does, in DL4J's own layers: to export, or to compare with. */
final class ScoringLayers {
  private ScoringLayers() {}

  /** A dense layer and what comes behind it. */
  private record Step(Dense dense, Activation activation) {}

  /**
   * Puts the head on top of {@code features}; {@link #fill} gives it its numbers.
   *
   * @param features name of the vertex that gives them
   * @param free makes a name one that is free
   * @return the names of the dense layers, first to last
   */
  static List<String> add(
      GraphBuilder builder, TrainedHead head, String features, UnaryOperator<String> free) {
    String below = features;
    if (head.input() == Input.UNIT) {
      below = free.apply("head_unit");
      builder.addVertex(below, new L2NormalizeVertex(), features);
    }
    List<Step> steps = steps(head);
    List<String> names = new ArrayList<>();
    for (Step step : steps) {
      String name = free.apply("head_" + names.size());
      boolean last = names.size() == steps.size() - 1;
      builder.addLayer(name, last ? top(step, head.output()) : dense(step), below);
      names.add(name);
      below = name;
    }
    return names;
  }

  /**
   * @param layers as {@link #add} gave them
   */
  static void fill(ComputationGraph network, List<String> layers, TrainedHead head) {
    Map<String, INDArray> parameters = network.paramTable();
    List<Step> steps = steps(head);
    for (int i = 0; i < steps.size(); i++) {
      Dense dense = steps.get(i).dense();
      INDArray weights =
          Nd4j.createFromArray(dense.weights())
              .reshape('c', dense.outputs(), dense.inputs())
              .transpose();
      parameters.get(layers.get(i) + "_W").assign(weights);
      parameters.get(layers.get(i) + "_b").assign(Nd4j.createFromArray(dense.bias()));
    }
  }

  private static List<Step> steps(TrainedHead head) {
    List<Step> steps = new ArrayList<>();
    int last = head.layers().size() - 1;
    head.layers().subList(0, last).forEach(dense -> steps.add(new Step(dense, Activation.RELU)));
    Dense top = head.layers().get(last);
    if (head.output() != Output.ORDINAL) {
      steps.add(new Step(top, activation(head.output())));
      return steps;
    }
    steps.add(new Step(top, Activation.SIGMOID));
    steps.add(new Step(head.differences(), activation(head.output())));
    return steps;
  }

  /** Behind the layer that gives the outputs. */
  static Activation activation(Output output) {
    return switch (output) {
      case SOFTMAX -> Activation.SOFTMAX;
      case SIGMOID -> Activation.SIGMOID;
      case ORDINAL -> Activation.RELU; // differences may round to below 0
      case VALUE -> Activation.IDENTITY;
    };
  }

  private static DenseLayer dense(Step step) {
    return new DenseLayer.Builder()
        .nIn(step.dense().inputs())
        .nOut(step.dense().outputs())
        .activation(step.activation())
        .build();
  }

  /** The loss is for whoever trains the export on. */
  private static OutputLayer top(Step step, Output output) {
    LossFunction loss =
        switch (output) {
          case SOFTMAX -> LossFunction.MCXENT;
          case SIGMOID -> LossFunction.XENT;
          case ORDINAL, VALUE -> LossFunction.MSE;
        };
    return new OutputLayer.Builder(loss)
        .nIn(step.dense().inputs())
        .nOut(step.dense().outputs())
        .activation(step.activation())
        .build();
  }
}
