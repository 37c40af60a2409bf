package org.graft.engine.dl4j;

import java.util.Set;

/** How a publisher names and lays out the parameters of a layer. */
enum Dialect {
  /** {@code conv1.weight}, {@code bn1.running_var}; convolutions OIHW, dense layers [out, in]. */
  TORCH {
    @Override
    String tensor(String prefix, String parameter) {
      String name =
          switch (parameter) {
            case "W", "gamma" -> "weight";
            case "b", "beta" -> "bias";
            default -> "running_" + parameter;
          };
      return prefix + "." + name;
    }
  },
  /** {@code conv1_conv/kernel}; convolutions HWIO, dense layers [in, out], flattened NHWC. */
  KERAS {
    @Override
    String tensor(String prefix, String parameter) {
      String name =
          switch (parameter) {
            case "W" -> "kernel";
            case "b" -> "bias";
            case "mean" -> "moving_mean";
            case "var" -> "moving_variance";
            default -> parameter;
          };
      return prefix + "/" + name;
    }
  };

  /** The dialect that a file's names are in. */
  static Dialect of(Set<String> names) {
    return names.stream().anyMatch(name -> name.endsWith("/kernel")) ? KERAS : TORCH;
  }

  /**
   * The name of a tensor in a file.
   *
   * @param prefix what the publisher calls the layer
   * @param parameter DL4J's name: W, b, gamma, beta, mean or var
   */
  abstract String tensor(String prefix, String parameter);
}
