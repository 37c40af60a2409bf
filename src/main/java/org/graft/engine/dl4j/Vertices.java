package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;

/** The vertices of a graph as places to cut it. */
final class Vertices {
  private Vertices() {}

  /**
   * The shape that {@code vertex} gives for {@code input}; spatial ones are averaged by default.
   */
  static Cut cut(String name, String vertex, ComputationGraphConfiguration network, Input input) {
    InputType type = ActivationTypes.of(network, input).get(vertex);
    if (type instanceof InputType.InputTypeConvolutional spatial) {
      return new Cut(
          name,
          vertex,
          (int) spatial.getChannels(),
          (int) spatial.getHeight(),
          (int) spatial.getWidth(),
          Pooling.AVG);
    }
    return new Cut(name, vertex, (int) type.arrayElementsPerExample(), 1, 1, Pooling.NONE);
  }
}
