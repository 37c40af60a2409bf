package org.graft.engine.onnx;

import static java.util.Map.entry;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.graft.engine.dl4j.ChannelNorm;
import org.graft.engine.dl4j.ChannelScale;
import org.graft.engine.dl4j.SequenceLstm;

/** Writes one kind of layer as ONNX operators. */
@FunctionalInterface
interface LayerCompiler {
  /** By exact class: a subclass may compute something else. */
  Map<Class<?>, LayerCompiler> KNOWN =
      Map.ofEntries(
          entry(ConvolutionLayer.class, Convolutions::plain),
          entry(Convolution2D.class, Convolutions::plain),
          entry(DepthwiseConvolution2D.class, Convolutions::depthwise),
          entry(SeparableConvolution2D.class, Convolutions::separable),
          entry(Deconvolution2D.class, Deconvolutions::layer),
          entry(BatchNormalization.class, BatchNorms::layer),
          entry(LocalResponseNormalization.class, Normalisations::localResponse),
          entry(ChannelNorm.class, Normalisations::channels),
          entry(ChannelScale.class, Scalings::channels),
          entry(ActivationLayer.class, Activations::layer),
          entry(PReLULayer.class, Scalings::prelu),
          entry(ElementWiseMultiplicationLayer.class, Scalings::elementWise),
          entry(DropoutLayer.class, (graph, vertex) -> vertex.input()),
          entry(SubsamplingLayer.class, Poolings::windowed),
          entry(Pooling2D.class, Poolings::windowed),
          entry(GlobalPoolingLayer.class, Poolings::global),
          entry(ZeroPaddingLayer.class, Resizings::zeroPadding),
          entry(Cropping2D.class, Resizings::cropping),
          entry(Upsampling2D.class, Resizings::upsampling),
          entry(SpaceToDepthLayer.class, Resizings::spaceToDepth),
          entry(DenseLayer.class, DenseLayers::dense),
          entry(OutputLayer.class, DenseLayers::output),
          entry(CenterLossOutputLayer.class, DenseLayers::output),
          entry(LossLayer.class, Activations::loss),
          entry(CnnLossLayer.class, Activations::pictureLoss),
          entry(SequenceLstm.class, Recurrences::lstm),
          entry(Yolo2OutputLayer.class, YoloOutputs::layer));

  /** Gives the name of the tensor that holds the layer's output. */
  String compile(OnnxGraph graph, OnnxVertex vertex);

  static LayerCompiler of(OnnxVertex vertex) {
    LayerCompiler compiler = KNOWN.get(vertex.layer().getClass());
    if (compiler == null) {
      throw vertex.unsupported("this kind of layer is not known");
    }
    return compiler;
  }
}
