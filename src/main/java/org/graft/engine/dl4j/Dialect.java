package org.graft.engine.dl4j;

/** How a publisher lays out and names the parameters of a layer; networks know its prefixes. */
enum Dialect {
  /** torchvision: {@code conv1.weight}, {@code bn1.running_var}; OIHW, dense layers [out, in]. */
  TORCH(false),
  /** torchvision before 0.3, in which its DenseNet files still are: {@code norm.1} for norm1. */
  TORCH_0_2(false),
  /** timm: torch's layout and parameters, other names for layers. */
  TIMM(false),
  /** Graft's own: torch's layout, batch norm multiplied into the convolutions before it. */
  FOLDED(false),
  /** Keras: {@code conv1_conv/kernel}; HWIO, dense layers [in, out], flattened NHWC. */
  KERAS(true),
  /** Keras 2, in whose names some published files still are: {@code expand/BatchNorm}. */
  KERAS_2(true),
  /**
   * TF-Slim, and so TF Hub's: {@code Conv/weights}, {@code Conv/BatchNorm/gamma}; Keras' layout.
   */
  SLIM(true);

  private final boolean channelsLast;

  Dialect(boolean channelsLast) {
    this.channelsLast = channelsLast;
  }

  /** Whether kernels are [height, width, in, out] and dense layers [in, out]. */
  boolean channelsLast() {
    return channelsLast;
  }

  /** Whether batch norm is part of the convolutions' weights instead of a layer. */
  boolean foldsBatchNorm() {
    return this == FOLDED;
  }

  /**
   * The name of a tensor in a file.
   *
   * @param prefix what the publisher calls the layer
   * @param parameter DL4J's name: W, b, gamma, beta, mean or var
   */
  String tensor(String prefix, String parameter) {
    if (this == SLIM) {
      return prefix + "/" + slimName(parameter);
    }
    return channelsLast ? prefix + "/" + kerasName(parameter) : prefix + "." + torchName(parameter);
  }

  private static String torchName(String parameter) {
    return switch (parameter) {
      case "W", "gamma" -> "weight";
      case "b", "beta" -> "bias";
      default -> "running_" + parameter;
    };
  }

  private static String slimName(String parameter) {
    return switch (parameter) {
      case "W" -> "weights";
      case "b" -> "biases";
      default -> "BatchNorm/" + kerasName(parameter);
    };
  }

  private static String kerasName(String parameter) {
    return switch (parameter) {
      case "W" -> "kernel";
      case "b" -> "bias";
      case "mean" -> "moving_mean";
      case "var" -> "moving_variance";
      default -> parameter;
    };
  }
}
