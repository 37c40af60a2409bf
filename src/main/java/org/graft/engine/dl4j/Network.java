package org.graft.engine.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * A published network as a DL4J graph in NCHW, and what its parameters are called in public weight
 * files.
 */
interface Network {
  /** The dialects in which weights for this network are published; the first is its own. */
  List<Dialect> dialects();

  /**
   * Draws all of the network up to its last feature.
   *
   * @param dialect some details (batch norm's epsilon, biases) differ between publishers
   */
  Sketch draw(Dialect dialect);

  /** What the publisher calls the layer at {@code vertex}: the front part of its tensors' names. */
  String prefix(Dialect dialect, String vertex);

  /** Whether batch norm is part of the convolutions' weights instead of a layer. */
  default boolean foldsBatchNorm() {
    return false;
  }

  default ComputationGraphConfiguration cutAt(String vertex, Input input, Dialect dialect) {
    Sketch sketch = draw(dialect);
    List<String> names = sketch.names();
    if (!names.contains(vertex)) {
      throw new UserError(
          "Cannot cut the network at '%s': it has the layers %s.%s"
              .formatted(vertex, names, NearestMatch.hint(vertex, names)));
    }
    return sketch.cutAt(vertex, input);
  }

  /** The networks that there are, sorted. */
  static List<String> names() {
    return List.of("mobilenetv2", "resnet50_v1", "resnet50_v1.5", "vgg16", "vgg19");
  }

  /** The network of that name, as cards write it. */
  static Network of(String architecture) {
    return switch (architecture) {
      case "mobilenetv2" -> new MobileNetV2();
      case "resnet50_v1" -> ResNet.resnet50(ResNet.Stride.FIRST_1X1);
      case "resnet50_v1.5" -> ResNet.resnet50(ResNet.Stride.MIDDLE_3X3);
      case "vgg16" -> Vgg.vgg16();
      case "vgg19" -> Vgg.vgg19();
      default ->
          throw new UserError(
              "Cannot build architecture '%s': the DL4J engine has %s.%s"
                  .formatted(architecture, names(), NearestMatch.hint(architecture, names())));
    };
  }
}
