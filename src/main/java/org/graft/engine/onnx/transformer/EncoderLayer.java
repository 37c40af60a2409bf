package org.graft.engine.onnx.transformer;

import java.util.List;

/**
 * The layers of BERT and its kin: attention, then two dense layers, each added to what went in and
 * normed.
 *
 * @param names of the parts, below that of the layer
 */
record EncoderLayer(
    int width, int heads, int inner, Activation activation, float epsilon, Names names) {
  /**
   * @param attended what becomes of attention's result
   * @param wide from the width to {@code inner}
   * @param narrow and back
   */
  record Names(
      List<String> queryKeyValue,
      String attended,
      String attendedNorm,
      String wide,
      String narrow,
      String norm) {
    Names {
      queryKeyValue = List.copyOf(queryKeyValue);
    }
  }

  /**
   * @param layer its name, with the last dot
   */
  String draw(Sketch sketch, String layer, String x, String padding) {
    List<String> parts = names.queryKeyValue.stream().map(layer::concat).toList();
    String qkv = sketch.linears(layer + "qkv", parts, x, width, width);
    String heard = sketch.attention(layer + "attention", sketch.split(qkv, 3), heads, padding);
    String attended = sketch.linear(layer + names.attended, heard, width, width);
    String middle = normed(sketch, layer + names.attendedNorm, attended, x);
    String wide = sketch.linear(layer + names.wide, middle, width, inner);
    String active = sketch.activation(activation, layer + "activation", wide);
    String narrow = sketch.linear(layer + names.narrow, active, inner, width);
    return normed(sketch, layer + names.norm, narrow, middle);
  }

  private String normed(Sketch sketch, String norm, String x, String residual) {
    return sketch.layerNorm(norm, sketch.add(norm + ":sum", x, residual), width, epsilon);
  }
}
