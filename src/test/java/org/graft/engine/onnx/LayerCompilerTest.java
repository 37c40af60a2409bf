package org.graft.engine.onnx;

import static org.junit.jupiter.api.Named.named;

import ai.onnxruntime.OrtException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.graft.backbone.BackboneCard.Input;
import org.graft.engine.dl4j.ChannelNorm;
import org.graft.engine.dl4j.ChannelScale;
import org.graft.engine.dl4j.ErfGelu;
import org.graft.engine.dl4j.HardSigmoid;
import org.graft.engine.dl4j.HardSwish;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers less common than those of {@link OnnxNetworkTest}, and every activation. */
class LayerCompilerTest {
  private static final Input EVEN = new Input(14, 8, 6);

  static Stream<Named<Layer>> layers() {
    return Stream.of(
        named("local response", new LocalResponseNormalization.Builder().alpha(0.3).build()),
        named(
            "local response, even, all of it",
            new LocalResponseNormalization.Builder(1.5, 4, 0.2, 0.6).build()),
        named("p-norm", pooling(PoolingType.PNORM).pnorm(3).build()),
        named("p-norm, padded", pooling(PoolingType.PNORM).pnorm(2).padding(1, 1).build()),
        named("global sum", new GlobalPoolingLayer(PoolingType.SUM)),
        named("global p-norm", new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(3).build()),
        named("upsampling", new Upsampling2D.Builder().size(new int[] {2, 3}).build()),
        named("cropping", new Cropping2D(1, 2, 3, 0)),
        named("space to depth", new SpaceToDepthLayer.Builder<>(2).build()),
        named("slopes", prelu().build()),
        named("slopes of channels", prelu().sharedAxes(2, 3).build()),
        named("picture loss", pictureLoss(LossFunction.MCXENT, Activation.SOFTMAX)),
        named("picture loss, sigmoid", pictureLoss(LossFunction.XENT, Activation.SIGMOID)),
        named(
            "boxes",
            new Yolo2OutputLayer.Builder()
                .boundingBoxPriors(Nd4j.create(new double[][] {{1, 2}, {3, 0.5}}))
                .build()),
        named(
            "centre loss",
            new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(5)
                .activation(Activation.SOFTMAX)
                .build()),
        named("locked", locked(2, 0.5)),
        named("channel norm", new ChannelNorm(1e-3)),
        named("channel scale", new ChannelScale()),
        named("exact gelu", new ActivationLayer.Builder().activation(new ErfGelu()).build()),
        named(
            "frozen, gradients pass",
            new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(5).build())),
        named("deconvolution", deconvolution(3, 2, ConvolutionMode.Truncate).build()),
        named("deconvolution, same", deconvolution(3, 2, ConvolutionMode.Same).build()),
        named("deconvolution, same, even", deconvolution(2, 2, ConvolutionMode.Same).build()),
        named(
            "deconvolution, padded, dilated",
            deconvolution(3, 2, ConvolutionMode.Truncate)
                .padding(1, 0)
                .dilation(1, 2)
                .hasBias(false)
                .activation(Activation.TANH)
                .build()));
  }

  private static SubsamplingLayer.Builder pooling(PoolingType type) {
    return new SubsamplingLayer.Builder(type).kernelSize(3, 2).stride(2, 1);
  }

  private static PReLULayer.Builder prelu() {
    return new PReLULayer.Builder().inputShape(EVEN.channels(), EVEN.height(), EVEN.width());
  }

  private static Layer pictureLoss(LossFunction loss, Activation activation) {
    return new CnnLossLayer.Builder(loss).activation(activation).build();
  }

  private static Layer locked(double gamma, double beta) {
    return new BatchNormalization.Builder().lockGammaBeta(true).gamma(gamma).beta(beta).build();
  }

  private static Deconvolution2D.Builder deconvolution(
      int kernel, int stride, ConvolutionMode mode) {
    return new Deconvolution2D.Builder(kernel, kernel)
        .nOut(5)
        .stride(stride, stride)
        .convolutionMode(mode);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerAlone(Layer layer) throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(EVEN).addLayer("it", layer, "in").setOutputs("it"), EVEN);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void anActivation(IActivation function) throws OrtException {
    Layer convolution = new ConvolutionLayer.Builder(1, 1).nOut(6).activation(function).build();
    Layer activation = new ActivationLayer.Builder().activation(function).build();
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(EVEN)
            .addLayer("it", convolution, "in")
            .addLayer("again", activation, "it")
            .setOutputs("again"),
        EVEN);
  }

  static Stream<Named<IActivation>> activations() {
    return Stream.concat(
        Arrays.stream(Activation.values())
            .map(activation -> named(activation.name(), activation.getActivationFunction())),
        Stream.of(
                new ActivationReLU(1.5, null, null),
                new ActivationReLU(null, null, 0.1),
                new ActivationReLU(1.5, null, 0.1),
                new ActivationReLU(null, 0.4, 0.1),
                new ActivationReLU(1.5, 0.4, 0.1),
                new ActivationReLU(null, 0.4, null),
                new ActivationLReLU(0.3),
                new ActivationELU(0.7),
                new ActivationThresholdedReLU(0.3),
                new ActivationGELU(true),
                new HardSigmoid(),
                new HardSwish())
            .map(function -> named(function.toString(), function)));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aLayerOnVectors(Layer layer) throws OrtException {
    CompiledOutput.assertDl4js(
        RandomGraphs.builder(EVEN)
            .addLayer("dense", new DenseLayer.Builder().nOut(7).build(), "in")
            .addLayer("it", layer, "dense")
            .setOutputs("it"),
        EVEN);
  }

  static Stream<Named<Layer>> vectors() {
    return Stream.of(
        named("slopes", new PReLULayer.Builder().inputShape(7).build()),
        named(
            "factors",
            new ElementWiseMultiplicationLayer.Builder()
                .nIn(7)
                .nOut(7)
                .activation(Activation.SIGMOID)
                .build()));
  }
}
