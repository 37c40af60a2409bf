package org.graft.engine.dl4j;

import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.weights.WeightFormat;

/** How much a network computes: counted, not measured. */
public final class Arithmetic {
  private Arithmetic() {}

  /**
   * Multiplications, each with its addition, for one sample up to the spec's cut: each weight of a
   * convolution once for every position of the output, each weight of a dense layer once. Biases,
   * batch norm, activations and pooling are left out, as is usual (ResNet-50: 4.09e9, He et al.
   * 2015).
   */
  public static long multiplyAdds(BackboneSpec spec) throws IOException {
    if (WeightFormat.of(spec.weights()) == WeightFormat.DL4J_ZIP) {
      FrozenNetwork all = Dl4jZip.read(spec.weights());
      try {
        return multiplyAdds(all.cutAt(spec.card().cut(spec.cut()).layer()).network(), spec);
      } finally {
        all.parameters().close();
      }
    }
    Network network = Networks.of(spec.card().architecture());
    String vertex = spec.card().cut(spec.cut()).layer();
    return multiplyAdds(
        network.cutAt(vertex, spec.card().input(), network.dialects().get(0)), spec);
  }

  private static long multiplyAdds(ComputationGraphConfiguration network, BackboneSpec spec) {
    Input input = spec.card().input();
    Map<String, InputType> outputs =
        network.getLayerActivationTypes(
            InputType.convolutional(input.height(), input.width(), input.channels()));
    return network.getVertices().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof LayerVertex)
        .mapToLong(
            entry ->
                weights((LayerVertex) entry.getValue()) * positions(outputs.get(entry.getKey())))
        .sum();
  }

  /** Parameters that inputs are multiplied with: none of batch norm's, no biases. */
  private static long weights(LayerVertex vertex) {
    Layer layer = vertex.getLayerConf().getLayer();
    if (layer.initializer().weightKeys(layer).isEmpty()) {
      return 0;
    }
    boolean biased = !layer.initializer().biasKeys(layer).isEmpty();
    long biases = biased && layer instanceof FeedForwardLayer feed ? feed.getNOut() : 0;
    return vertex.numParams(false) - biases;
  }

  private static long positions(InputType output) {
    return output instanceof InputTypeConvolutional picture
        ? picture.getHeight() * picture.getWidth()
        : 1;
  }
}
