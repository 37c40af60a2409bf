package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;

/**
 * The product of {@code [n][channels][height][width]} and {@code [n][channels][1][1]}: the last
 * step of squeeze and excitation (Hu et al. 2017, arXiv 1709.01507). DL4J's own product computes
 * it, forwards and backwards, but refuses it when a graph is put together. By class name in saved
 * networks.
 */
@JsonIgnoreProperties("op") // always the product
public final class ChannelScaleVertex extends ElementWiseVertex {
  private static final long serialVersionUID = 1L;

  public ChannelScaleVertex() {
    super(Op.Product);
  }

  @Override
  public ElementWiseVertex clone() {
    return new ChannelScaleVertex();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelScaleVertex;
  }

  @Override
  public int hashCode() {
    return ChannelScaleVertex.class.hashCode();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return inputs[0];
  }
}
