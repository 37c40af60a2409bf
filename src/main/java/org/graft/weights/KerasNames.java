package org.graft.weights;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.UserError;

/**
 * Gives the weights of all Keras versions the same names, {@code <layer>/<variable>}: {@code
 * block1_conv1/kernel}, {@code conv1_bn/moving_variance}. A depthwise convolution's kernel is
 * {@code kernel}, as in Keras 3, but for a separable convolution, which has {@code
 * depthwise_kernel} and {@code pointwise_kernel}.
 */
public final class KerasNames {
  /** TensorFlow's output index: {@code kernel:0}. */
  private static final Pattern OUTPUT = Pattern.compile(":\\d+$");

  /** Keras 1 repeats the layer and numbers its graphs: {@code block1_conv1_W_1}. */
  private static final Pattern FLAT =
      Pattern.compile(
          ".*_(W|b|gamma|beta|running_mean|running_std|kernel|bias|moving_mean|moving_variance)"
              + "(_\\d+)?");

  private static final Pattern NUMBER = Pattern.compile("_\\d+$");

  /** Keras 1's {@code running_std} holds the variance, whatever its name says. */
  private static final Map<String, String> TODAY =
      Map.of(
          "W", "kernel",
          "b", "bias",
          "running_mean", "moving_mean",
          "running_std", "moving_variance");

  private static final String DEPTHWISE = "depthwise_kernel";
  private static final String POINTWISE = "pointwise_kernel";

  /** Both libraries' names for a variable that its layer did not name. */
  private static final Pattern UNNAMED = Pattern.compile("[Vv]ariable(_\\d+)?|0");

  /**
   * A weight's name, and the one it gets where that is taken.
   *
   * @param fallback unambiguous, from its place in the file
   */
  public record Candidate(String name, String fallback) {}

  private KerasNames() {}

  /** The variable's name without layer, output index and graph number. */
  static String variable(String weightName) {
    String[] parts = OUTPUT.matcher(weightName).replaceAll("").split("/", -1);
    String last = parts[parts.length - 1];
    Matcher flat = FLAT.matcher(last);
    String variable = parts.length == 1 && flat.matches() ? flat.group(1) : last;
    return TODAY.getOrDefault(variable, variable);
  }

  /**
   * Names for one layer's weights. Where their paths lead through several layers, the layer is a
   * model of its own, and the weight's own path tells the layer.
   *
   * @param weightNames as the file's {@code weight_names} has them
   */
  public static List<Candidate> inLayer(String layer, List<String> weightNames) {
    boolean nested = weightNames.stream().map(name -> parent(layer, name)).distinct().count() > 1;
    return weightNames.stream()
        .map(
            name ->
                new Candidate(
                    (nested ? parent(layer, name) : layer) + "/" + variable(name),
                    layer + "/" + name))
        .toList();
  }

  /** A weight whose own path tells its layer: {@code [model/]layer/variable}. */
  static Candidate ofPath(String weightName) {
    return new Candidate(parent("", weightName) + "/" + variable(weightName), weightName);
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
  public static String variable(String group, int index, int count) {
    List<String> names = variables(NUMBER.matcher(group).replaceFirst(""), count);
    return index < names.size() ? names.get(index) : Integer.toString(index);
  }

  /**
   * Empty where the layer is unknown, or has a number of variables that leaves their names open.
   */
  private static List<String> variables(String kind, int count) {
    return switch (kind) {
      case "conv1d", "conv2d", "conv3d", "depthwise_conv1d", "depthwise_conv2d", "dense" ->
          exactly(count, 1, List.of("kernel", "bias"));
      case "conv2d_transpose", "einsum_dense" -> exactly(count, 1, List.of("kernel", "bias"));
      case "separable_conv1d", "separable_conv2d" ->
          exactly(count, 2, List.of(DEPTHWISE, POINTWISE, "bias"));
      case "batch_normalization" ->
          count == 3 // scale=False, as in Inception
              ? List.of("beta", "moving_mean", "moving_variance")
              : exactly(count, 4, List.of("gamma", "beta", "moving_mean", "moving_variance"));
      case "layer_normalization", "group_normalization" ->
          exactly(count, 2, List.of("gamma", "beta"));
      case "normalization" -> exactly(count, 2, List.of("mean", "variance", "count"));
      case "layer_scale" -> exactly(count, 1, List.of("gamma"));
      case "p_re_lu" -> exactly(count, 1, List.of("alpha"));
      case "embedding" -> exactly(count, 1, List.of("embeddings"));
      default -> List.of();
    };
  }

  private static List<String> exactly(int count, int fewest, List<String> names) {
    return count >= fewest && count <= names.size() ? names : List.of();
  }

  /** Names everything, taking the fallback wherever two weights want the same name. */
  public static <T> Map<String, T> unambiguous(
      Map<Candidate, T> weights, Function<String, UserError> no) {
    Map<String, Integer> wanted = new HashMap<>();
    weights.keySet().forEach(candidate -> wanted.merge(candidate.name, 1, Integer::sum));
    Set<String> taken = new TreeSet<>();
    weights.keySet().forEach(c -> taken.add(wanted.get(c.name) == 1 ? c.name : c.fallback));
    Map<String, T> named = new LinkedHashMap<>();
    weights.forEach(
        (candidate, weight) -> {
          String name = wanted.get(candidate.name) == 1 ? candidate.name : candidate.fallback;
          if (named.put(today(name, taken), weight) != null) {
            throw no.apply("two weights have the name '" + name + "'");
          }
        });
    return named;
  }

  /**
   * What a weight of this name is called today, beside the others of its file.
   *
   * @param all the file's names before renaming
   */
  static String today(String name, Set<String> all) {
    int slash = name.lastIndexOf('/');
    String layer = name.substring(0, slash + 1);
    String variable = name.substring(slash + 1);
    String renamed = variable;
    if (variable.equals(DEPTHWISE) && !all.contains(layer + POINTWISE)) {
      renamed = "kernel";
    } else if (UNNAMED.matcher(variable).matches() && layer.endsWith("layer_scale/")) {
      renamed = "gamma"; // ConvNeXt's LayerScale, a layer of Keras' applications only
    }
    return all.contains(layer + renamed) ? name : layer + renamed;
  }
}
