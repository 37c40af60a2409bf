package org.graft.engine.onnx;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/** Writes one kind of layer as ONNX operators. */
@FunctionalInterface
interface LayerCompiler {
  /** By exact class: a subclass may compute something else. */
  Map<Class<?>, LayerCompiler> KNOWN =
      Map.ofEntries(
          Map.entry(ConvolutionLayer.class, Convolutions::plain),
          Map.entry(DepthwiseConvolution2D.class, Convolutions::depthwise),
          Map.entry(SeparableConvolution2D.class, Convolutions::separable),
          Map.entry(BatchNormalization.class, BatchNorms::layer),
          Map.entry(ActivationLayer.class, Activations::layer),
          Map.entry(LossLayer.class, Activations::loss),
          Map.entry(DropoutLayer.class, (graph, vertex) -> vertex.input()),
          Map.entry(SubsamplingLayer.class, Poolings::windowed),
          Map.entry(GlobalPoolingLayer.class, Poolings::global),
          Map.entry(ZeroPaddingLayer.class, Poolings::zeroPadding),
          Map.entry(DenseLayer.class, DenseLayers::dense),
          Map.entry(OutputLayer.class, DenseLayers::output));

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
