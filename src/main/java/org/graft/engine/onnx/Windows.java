package org.graft.engine.onnx;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import onnx.Onnx.AttributeProto;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;

/**
 * A window that slides over a picture: what convolutions and poolings share. Arrays are {@code
 * [height, width]}.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Windows(int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {

  /** ONNX attributes; padding is spelled out, {@code [top, left, bottom, right]}. */
  List<AttributeProto> attributes(OnnxVertex vertex, CNN2DFormat format) {
    vertex.checkLayout(format);
    vertex.check(mode != ConvolutionMode.Causal, "causal padding is not known");
    return List.of(
        attribute("kernel_shape", OnnxGraph.longs(kernel)),
        attribute("strides", OnnxGraph.longs(stride)),
        attribute("pads", pads(vertex.picture())));
  }

  boolean isDilated() {
    return dilation[0] != 1 || dilation[1] != 1;
  }

  AttributeProto dilations() {
    return attribute("dilations", OnnxGraph.longs(dilation));
  }

  private long[] pads(InputTypeConvolutional picture) {
    if (mode != ConvolutionMode.Same) {
      return new long[] {padding[0], padding[1], padding[0], padding[1]};
    }
    long height = same(picture.getHeight(), 0);
    long width = same(picture.getWidth(), 1);
    // as TensorFlow: the odd one goes below and to the right
    return new long[] {height / 2, width / 2, height - height / 2, width - width / 2};
  }

  /** Both sides together, so that the output has ceil(size / stride) places. */
  private long same(long size, int axis) {
    long places = (size + stride[axis] - 1) / stride[axis];
    long reach = (kernel[axis] - 1L) * dilation[axis] + 1;
    return Math.max(0, (places - 1) * stride[axis] + reach - size);
  }
}
