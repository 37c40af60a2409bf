package org.graft.engine.dl4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.graft.backbone.BackboneCard.Input;

/** The shape of what each vertex of a graph gives. */
public final class ActivationTypes {
  private ActivationTypes() {}

  /**
   * By vertex, and by the name of the network's one input.
   *
   * @throws IllegalStateException or another of DL4J's, if the network cannot take such an input
   */
  public static Map<String, InputType> of(ComputationGraphConfiguration network, Input input) {
    InputType picture = InputType.convolutional(input.height(), input.width(), input.channels());
    Map<String, InputType> types = new HashMap<>(network.clone().getLayerActivationTypes(picture));
    types.put(network.getNetworkInputs().get(0), picture);
    network
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer
                  && layer.getLayerConf().getLayer()
                      instanceof LossLayer) { // DL4J says: a vector of none
                List<String> inputs = network.getVertexInputs().get(name);
                types.put(name, types.get(inputs.get(0)));
              }
            });
    return types;
  }
}
