package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.AlexNet;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.FaceNetNN4Small2;
import org.deeplearning4j.zoo.model.InceptionResNetV1;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.NASNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.deeplearning4j.zoo.model.UNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import org.deeplearning4j.zoo.model.YOLO2;
import org.graft.backbone.BackboneCard.Input;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every convolutional network of DL4J's zoo, He-initialised, with random batch norm statistics, on
 * the smallest pictures that it takes.
 */
class ZooTest {
  private static final int CLASSES = 7;

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments(AlexNet.builder().numClasses(CLASSES).build(), new Input(3, 64, 64)),
        arguments(Darknet19.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(FaceNetNN4Small2.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(InceptionResNetV1.builder().numClasses(CLASSES).build(), new Input(3, 96, 96)),
        arguments(LeNet.builder().numClasses(CLASSES).build(), new Input(1, 28, 28)),
        arguments(ResNet50.builder().numClasses(CLASSES).build(), new Input(3, 96, 96)),
        arguments(SimpleCNN.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(SqueezeNet.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(TinyYOLO.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(UNet.builder().build(), new Input(3, 32, 32)),
        arguments(VGG16.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(VGG19.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(Xception.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)),
        arguments(YOLO2.builder().numClasses(CLASSES).build(), new Input(3, 32, 32)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesDl4jsOutput(ZooModel<?> model, Input input) throws OrtException {
    ComputationGraph network = initialised(model, input);
    INDArray pictures = RandomGraphs.pictures(2, input, 1);
    INDArray expected = network.outputSingle(pictures.dup());
    OnnxModel compiled = OnnxNetwork.compile(network, input, "test");
    INDArray got = OnnxRun.run(compiled.bytes(), pictures, OnnxNetwork.FEATURES);
    double difference = OnnxRun.relative(got, expected);
    assertTrue(expected.stdNumber().doubleValue() > 1e-3, "all the same: nothing is tested");
    assertTrue(
        difference <= CompiledOutput.TOLERANCE || isNearer(got, expected, network, pictures),
        () -> "relative difference " + difference);
    network.params().close();
  }

  private static ComputationGraph initialised(ZooModel<?> model, Input input) {
    model.setInputShape(new int[][] {{input.channels(), input.height(), input.width()}});
    Model made = model.init();
    ComputationGraph network =
        made instanceof MultiLayerNetwork layers
            ? layers.toComputationGraph()
            : (ComputationGraph) made;
    RandomGraphs.fill(network, 1);
    Layer last = network.getOutputLayer(0);
    if (last.conf().getLayer() instanceof BaseOutputLayer output) {
      output.setActivationFn(new ActivationIdentity()); // a softmax would hide differences
    }
    return network;
  }

  /** Whether what was got is no farther than what was expected from an evaluation in float64. */
  private static boolean isNearer(
      INDArray got, INDArray expected, ComputationGraph network, INDArray pictures) {
    INDArray exact =
        network.convertDataType(DataType.DOUBLE).outputSingle(pictures.castTo(DataType.DOUBLE));
    return OnnxRun.relative(got.castTo(DataType.DOUBLE), exact)
        <= OnnxRun.relative(expected.castTo(DataType.DOUBLE), exact);
  }

  /** The one that is missing above. */
  @Test
  void nasNetDoesNotInitialise() {
    assertThrows(IllegalArgumentException.class, () -> NASNet.builder().build().init());
  }
}
