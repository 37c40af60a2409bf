package org.graft.engine.dl4j;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.graft.common.Checks;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/** Every network that there is, under the name by which cards ask for it. */
final class Networks {
  private static final SortedMap<String, Network> ALL =
      union(
          List.of(
              AlexNet.networks(),
              ConvNeXt.networks(),
              DeepSpeech.networks(),
              DenseNet.networks(),
              EfficientNet.networks(),
              InceptionResNetV2.networks(),
              InceptionV3.networks(),
              MobileNetV1.networks(),
              MobileNetV2.networks(),
              MobileNetV3.networks(),
              OpenL3.networks(),
              QuartzNet.networks(),
              ResNet.networks(),
              ResNetV2.networks(),
              Vgg.networks(),
              VggIsh.networks(),
              Xception.networks(),
              YamNet.networks()));

  private Networks() {}

  private static SortedMap<String, Network> union(List<Map<String, Network>> families) {
    SortedMap<String, Network> all = new TreeMap<>();
    for (Map<String, Network> family : families) {
      family.forEach(
          (name, network) ->
              Checks.argument(all.put(name, network) == null, "two networks called %s", name));
    }
    return Collections.unmodifiableSortedMap(all);
  }

  /** Sorted. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * @throws UserError with the nearest name, if there is none of that name
   */
  static Network of(String architecture) {
    Network network = ALL.get(architecture);
    if (network == null) {
      throw new UserError(
          "Cannot build architecture '%s': the DL4J engine has %s.%s"
              .formatted(architecture, names(), NearestMatch.hint(architecture, names())));
    }
    return network;
  }
}
