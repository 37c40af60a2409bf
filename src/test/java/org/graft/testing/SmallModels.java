package org.graft.testing;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.engine.onnx.RandomGraphs;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Dense;
import org.graft.head.TrainedHead.Output;
import org.graft.image.Preprocessing;
import org.graft.image.Preprocessing.Alpha;
import org.graft.image.Preprocessing.ChannelOrder;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.sample.Labels;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A card, a backbone and heads that are small and random, by seed. */
public final class SmallModels {
  public static final Labels LABELS = Labels.inOrder(List.of("cat", "dog", "eel"));

  public static final BackboneCard CARD =
      new BackboneCard(
          "small.random",
          "small",
          new Input(3, 11, 9),
          new Preprocessing(
              Resize.stretch(11, 9),
              null,
              Interpolation.BILINEAR,
              ChannelOrder.RGB,
              1 / 255.0,
              List.of(0.485, 0.456, 0.406),
              List.of(0.229, 0.224, 0.225),
              Alpha.WHITE),
          List.of(
              new Cut("flat", "fc", 7, 1, 1, Pooling.NONE),
              new Cut("spatial", "relu", 6, 6, 5, Pooling.AVG)),
          "flat",
          new Weights("small.safetensors", List.of(), null, null, null),
          "CC0-1.0",
          "random numbers",
          false,
          List.of());

  private SmallModels() {}

  public static ComputationGraph backbone(String cut, long seed) {
    GraphBuilder builder = RandomGraphs.builder(CARD.input());
    builder
        .addLayer("conv", convolution(2), "in")
        .addLayer("bn", new BatchNormalization(), "conv")
        .addLayer("side", convolution(2), "in")
        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "bn", "side")
        .addLayer("relu", new ActivationLayer(Activation.RELU), "sum");
    if (cut.equals("flat")) {
      builder.addLayer(
          "fc", new DenseLayer.Builder().nOut(7).activation(Activation.RELU).build(), "relu");
    }
    String output = CARD.cut(cut).layer();
    return RandomGraphs.initialised(builder.setOutputs(output), seed);
  }

  private static ConvolutionLayer convolution(int stride) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(6)
        .stride(stride, stride)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  /**
   * @param hidden width of the hidden layer, or 0 for a linear head
   */
  public static TrainedHead head(int width, int hidden, Output output, long seed) {
    Random random = new Random(seed);
    List<Dense> layers = new ArrayList<>();
    if (hidden > 0) {
      layers.add(dense(width, hidden, random));
    }
    int below = hidden > 0 ? hidden : width;
    layers.add(
        switch (output) {
          case SOFTMAX, SIGMOID -> dense(below, LABELS.size(), random);
          case ORDINAL -> rising(dense(below, 1, random), LABELS.size() - 1);
          case VALUE -> dense(below, 1, random);
        });
    return new TrainedHead(layers, output, output == Output.VALUE ? Labels.VALUE : LABELS);
  }

  /** The same, of features of length 1. */
  public static TrainedHead unit(TrainedHead head) {
    return new TrainedHead(TrainedHead.Input.UNIT, head.layers(), head.output(), head.labels());
  }

  /** The same score with thresholds half a unit apart. */
  private static Dense rising(Dense score, int thresholds) {
    float[] weights = new float[score.inputs() * thresholds];
    float[] bias = new float[thresholds];
    for (int at = 0; at < weights.length; at++) {
      weights[at] = score.weights()[at % score.inputs()];
    }
    for (int k = 0; k < thresholds; k++) {
      bias[k] = score.bias()[0] + k / 2f;
    }
    return new Dense(score.inputs(), thresholds, weights, bias);
  }

  private static Dense dense(int inputs, int outputs, Random random) {
    float[] weights = new float[inputs * outputs];
    float[] bias = new float[outputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) random.nextGaussian();
    }
    return new Dense(inputs, outputs, weights, bias);
  }

  /** DL4J's output, pooled. */
  public static float[][] features(ComputationGraph backbone, Pooling pooling, INDArray pictures) {
    INDArray output = backbone.outputSingle(pictures.dup());
    if (output.rank() == 4) {
      output =
          switch (pooling) {
            case AVG -> output.mean(2, 3);
            case MAX -> output.max(2, 3);
            case FIRST -> output.get(all(), all(), point(0), point(0));
            case LAST -> throw new IllegalStateException("last is for texts");
            case NONE -> output.dup('c').reshape('c', output.size(0), -1);
          };
    }
    return output.toFloatMatrix();
  }
}
