package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.GoldenInput;
import org.graft.common.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Compiled layers against torch: DL4J, which all other tests compare with, might be wrong. */
class LayerGoldenTest {
  /** Written by src/test/golden/compiler/layers.py. */
  record Golden(long seed, int scale, List<Integer> input, Map<String, Output> layers) {
    /** Row-major. */
    record Output(List<Long> shape, List<Double> values) {}
  }

  private static final Map<String, Layer> LAYERS =
      Map.ofEntries(
          Map.entry("local_response", new LocalResponseNormalization.Builder().alpha(0.3).build()),
          Map.entry("max_pooling", padded(PoolingType.MAX).build()),
          Map.entry("average_pooling", padded(PoolingType.AVG).build()),
          Map.entry(
              "average_pooling_with_pads",
              padded(PoolingType.AVG).avgPoolIncludePadInDivisor(true).build()),
          Map.entry("p_norm_pooling", padded(PoolingType.PNORM).padding(0, 0).pnorm(2).build()),
          Map.entry("upsampling", new Upsampling2D.Builder().size(new int[] {2, 3}).build()),
          Map.entry(
              "class_softmax",
              new CnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build()),
          Map.entry("leaky_relu", activation(new ActivationLReLU(0.3))),
          Map.entry("elu", activation(new ActivationELU(0.7))),
          Map.entry("selu", activation(Activation.SELU.getActivationFunction())),
          Map.entry("mish", activation(Activation.MISH.getActivationFunction())),
          Map.entry("swish", activation(Activation.SWISH.getActivationFunction())),
          Map.entry("softplus", activation(Activation.SOFTPLUS.getActivationFunction())));

  private static SubsamplingLayer.Builder padded(PoolingType type) {
    return new SubsamplingLayer.Builder(type).kernelSize(3, 3).stride(2, 2).padding(1, 1);
  }

  private static Layer activation(IActivation function) {
    return new ActivationLayer.Builder().activation(function).build();
  }

  private static Golden golden() throws IOException {
    String resource = "/golden/compiler/layers.json";
    try (InputStream in = LayerGoldenTest.class.getResourceAsStream(resource)) {
      return Json.read(in.readAllBytes(), Golden.class, resource);
    }
  }

  static Set<String> names() throws IOException {
    return golden().layers().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isTorchs(String name) throws Exception {
    Golden golden = golden();
    Input input = new Input(golden.input().get(0), golden.input().get(1), golden.input().get(2));
    GraphBuilder builder = RandomGraphs.builder(input);
    if (name.equals("l2_normalize")) {
      builder.addVertex("it", new L2NormalizeVertex(), "in");
    } else {
      builder.addLayer("it", LAYERS.get(name).clone(), "in");
    }
    OnnxModel model =
        OnnxNetwork.compile(RandomGraphs.initialised(builder.setOutputs("it"), 1), input, "test");
    INDArray picture =
        Nd4j.createFromArray(GoldenInput.of(golden.seed(), input.length()))
            .muli(golden.scale())
            .reshape(1, input.channels(), input.height(), input.width());
    INDArray got = OnnxRun.run(model.bytes(), picture, OnnxNetwork.FEATURES);
    Golden.Output expected = golden.layers().get(name);
    assertArrayEquals(expected.shape().stream().mapToLong(Long::longValue).toArray(), got.shape());
    double[] values = expected.values().stream().mapToDouble(Double::doubleValue).toArray();
    assertArrayEquals(values, got.dup('c').data().asDouble(), 4e-6);
  }
}
