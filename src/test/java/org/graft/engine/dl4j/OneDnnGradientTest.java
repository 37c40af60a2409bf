package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.config.DL4JSystemProperties;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Trainable tails learn through oneDNN: its gradients are those of DL4J's own layers. */
class OneDnnGradientTest {
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  private static ComputationGraphConfiguration network() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new NoOp())
        .activation(Activation.TANH)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(9, 8, 3))
        .addLayer("strided", convolution().stride(2, 1).padding(1, 1).build(), "in")
        .addLayer("same", convolution().convolutionMode(ConvolutionMode.Same).build(), "strided")
        .addLayer("norm", new BatchNormalization(), "same")
        .addLayer("max", pooling(PoolingType.MAX), "norm")
        .addLayer("average", pooling(PoolingType.AVG), "max")
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build(),
            "average")
        .setOutputs("out")
        .build();
  }

  private static ConvolutionLayer.Builder convolution() {
    return new ConvolutionLayer.Builder(3, 3).nOut(6);
  }

  private static SubsamplingLayer pooling(PoolingType type) {
    return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(1, 1).build();
  }

  private static ComputationGraph graph(boolean helper) {
    String before = System.getProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY);
    try { // layers ask once, when they are made
      System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, String.valueOf(!helper));
      ComputationGraph graph = new ComputationGraph(network());
      graph.init();
      return graph;
    } finally {
      System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, before);
    }
  }

  private static DataSet samples() {
    Nd4j.getRandom().setSeed(3);
    INDArray pictures = Nd4j.randn(DataType.FLOAT, 5, 3, 9, 8);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, 3);
    for (int i = 0; i < 5; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(pictures, labels);
  }

  private static INDArray gradient(ComputationGraph graph, DataType type) {
    DataSet samples = samples();
    graph.setInput(0, samples.getFeatures().castTo(type));
    graph.setLabel(0, samples.getLabels().castTo(type));
    graph.computeGradientAndScore();
    return graph.gradient().gradient().dup().castTo(DataType.DOUBLE);
  }

  @Test
  void gradientsAreThoseWithoutItAndThoseInFloat64() {
    ComputationGraph oneDnn = graph(true);
    ComputationGraph plain = graph(false);
    plain.setParams(oneDnn.params());
    assertInstanceOf(MKLDNNConvHelper.class, oneDnn.getLayer("strided").getHelper());
    assertNull(plain.getLayer("strided").getHelper());
    INDArray exact = gradient(plain.convertDataType(DataType.DOUBLE), DataType.DOUBLE);
    INDArray byOneDnn = gradient(oneDnn, DataType.FLOAT);
    assertEquals(oneDnn.numParams(), byOneDnn.length());
    assertTrue(exact.amaxNumber().doubleValue() > 0.01);
    assertNear(exact, byOneDnn);
    assertNear(exact, gradient(plain, DataType.FLOAT));
  }

  private static void assertNear(INDArray exact, INDArray got) {
    double difference =
        got.sub(exact).amaxNumber().doubleValue() / exact.amaxNumber().doubleValue();
    assertTrue(difference <= TOLERANCE, () -> "relative difference " + difference);
  }
}
