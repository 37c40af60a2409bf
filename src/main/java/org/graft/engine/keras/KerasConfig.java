package org.graft.engine.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The layers' names as a {@code .keras} archive's {@code config.json} has them. Before Keras 3.6
 * the weights inside are only numbered by the layers' classes: {@code layers/conv2d_1}.
 */
final class KerasConfig {
  private static final int DEEPEST = 32;

  private final Map<String, String> names = new HashMap<>();

  private KerasConfig() {}

  /**
   * @param config the parsed {@code config.json} of a functional or sequential model
   * @return the layer's name by the path of its group in the weights file
   */
  static Map<String, String> layerNames(Map<?, ?> config) {
    KerasConfig names = new KerasConfig();
    names.collect(config, "", 0);
    return names.names;
  }

  private void collect(Map<?, ?> model, String path, int depth) {
    if (depth > DEEPEST
        || !(model.get("config") instanceof Map<?, ?> config)
        || !(config.get("layers") instanceof List<?> layers)) {
      return;
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Object item : layers) {
      if (item instanceof Map<?, ?> layer && layer.get("class_name") instanceof String kind) {
        String group = snakeCase(kind);
        int count = counts.merge(group, 1, Integer::sum) - 1;
        String own = path + "/layers/" + (count == 0 ? group : group + "_" + count);
        if (name(layer) != null) {
          names.put(own, name(layer));
        }
        collect(layer, own, depth + 1);
      }
    }
  }

  private static String name(Map<?, ?> layer) {
    Object inner = layer.get("config") instanceof Map<?, ?> config ? config.get("name") : null;
    Object name = layer.get("name") == null ? inner : layer.get("name");
    return name instanceof String text ? text : null;
  }

  /** As Keras does it: {@code DepthwiseConv2D} becomes {@code depthwise_conv2d}. */
  static String snakeCase(String className) {
    return className
        .replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z0-9]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
