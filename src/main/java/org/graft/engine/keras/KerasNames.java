package org.graft.engine.keras;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.UserError;

/**
 * Gives the weights of all Keras versions the same names, {@code <layer>/<variable>}: {@code
 * block1_conv1/kernel}, {@code conv1_bn/moving_variance}.
 */
final class KerasNames {
  /** TensorFlow's output index: {@code kernel:0}. */
  private static final Pattern OUTPUT = Pattern.compile(":\\d+$");

  /** Keras 1 repeats the layer and numbers its graphs: {@code block1_conv1_W_1}. */
  private static final Pattern FLAT =
      Pattern.compile(
          ".*_(W|b|gamma|beta|running_mean|running_std|kernel|bias|moving_mean|moving_variance)"
              + "(_\\d+)?");

  /** Keras 1's {@code running_std} holds the variance, whatever its name says. */
  private static final Map<String, String> TODAY =
      Map.of(
          "W", "kernel",
          "b", "bias",
          "running_mean", "moving_mean",
          "running_std", "moving_variance");

  /** What Keras calls a variable without a name: ConvNeXt's LayerScale has the only one. */
  private static final Pattern UNNAMED = Pattern.compile("[Vv]ariable(_\\d+)?");

  private static final List<String> KERNEL_AND_BIAS = List.of("kernel", "bias");
  private static final List<String> SCALE_AND_STATISTICS =
      List.of("gamma", "beta", "moving_mean", "moving_variance");

  private static final List<String> SEPARABLE =
      List.of("depthwise_kernel", "pointwise_kernel", "bias");

  /**
   * A weight's name, and the one it gets where that is taken.
   *
   * @param fallback unambiguous, from its place in the file
   */
  record Candidate(String name, String fallback) {}

  private KerasNames() {}

  /** The variable's name without layer, output index and graph number. */
  static String variable(String weightName) {
    String[] parts = OUTPUT.matcher(weightName).replaceAll("").split("/", -1);
    String last = parts[parts.length - 1];
    Matcher flat = FLAT.matcher(last);
    String variable = parts.length == 1 && flat.matches() ? flat.group(1) : last;
    return UNNAMED.matcher(variable).matches() ? "gamma" : TODAY.getOrDefault(variable, variable);
  }

  /**
   * Names for one layer's weights. Where their paths lead through several layers, the layer is a
   * model of its own, and the weight's own path tells the layer.
   *
   * @param weightNames as the file's {@code weight_names} has them
   */
  static List<Candidate> inLayer(String layer, List<String> weightNames) {
    boolean nested = weightNames.stream().map(name -> parent(layer, name)).distinct().count() > 1;
    return weightNames.stream()
        .map(
            name ->
                new Candidate(
                    (nested ? parent(layer, name) : layer) + "/" + variable(name),
                    layer + "/" + name))
        .toList();
  }

  private static String parent(String layer, String weightName) {
    List<String> parts = Arrays.asList(weightName.split("/", -1));
    return parts.size() < 2 ? layer : parts.get(parts.size() - 2);
  }

  /**
   * Keras 3 numbers a layer's variables; this is the order in which its layers make them.
   *
   * @param group the layer's class in snake case, numbered: {@code conv2d_3}
   * @param count how many variables the layer has
   */
  static String variable(String group, int index, int count) {
    List<String> names =
        switch (group.replaceFirst("_\\d+$", "")) {
          case "conv1d", "conv2d", "conv3d", "depthwise_conv2d", "dense" -> KERNEL_AND_BIAS;
          case "separable_conv2d" -> SEPARABLE;
          case "batch_normalization" -> normalisation(count);
          case "layer_normalization" -> SCALE_AND_STATISTICS.subList(0, 2);
          case "layer_scale" -> SCALE_AND_STATISTICS.subList(0, 1);
          default -> List.of();
        };
    return count <= names.size() ? names.get(index) : Integer.toString(index);
  }

  /** Three are those of {@code scale=False}, as in Inception. */
  private static List<String> normalisation(int count) {
    return switch (count) {
      case 4 -> SCALE_AND_STATISTICS;
      case 3 -> SCALE_AND_STATISTICS.subList(1, 4);
      default -> List.of();
    };
  }

  /** Names everything, taking the fallback wherever two weights want the same name. */
  static <T> Map<String, T> unambiguous(Map<Candidate, T> weights, Function<String, UserError> no) {
    Map<String, Integer> wanted = new HashMap<>();
    weights.keySet().forEach(candidate -> wanted.merge(candidate.name, 1, Integer::sum));
    Map<String, T> named = new LinkedHashMap<>();
    weights.forEach(
        (candidate, weight) -> {
          String name = wanted.get(candidate.name) == 1 ? candidate.name : candidate.fallback;
          if (named.put(name, weight) != null) {
            throw no.apply("two weights have the name '" + name + "'");
          }
        });
    return named;
  }
}
