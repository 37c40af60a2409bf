package org.graft.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.graft.common.UserError;
import org.graft.weights.Tensors;

/** Whether a weight file is a network's own: files get swapped. */
final class FileFit {
  /** Not part of a backbone: counters, classifiers, and preprocessing that the card describes. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "(.*\\.)?num_batches_tracked|global_step|.*/ExponentialMovingAverage|.*/Logits/.*"
              + "|(module\\.)?(fc|classifier|predictions|head|logits|last_linear|top|AuxLogits"
              + "|aux\\d?|normalization|rescaling)[./_].*");

  private static final List<String> KINDS = List.of("W", "b", "gamma", "beta", "mean", "var");
  private static final int SHOWN = 5;

  private FileFit() {}

  /**
   * A line for the log where a file has tensors of layers that the network does not have, neither
   * below nor above any cut.
   *
   * @param names in the file
   * @param file names it
   */
  static Optional<String> warning(
      Set<String> names, Network network, Dialect dialect, String file) {
    List<String> foreign = foreign(names, network, dialect);
    if (foreign.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s has %d tensors that the network does not know, which are ignored: %s%s.%s Check that the file belongs to the card."
            .formatted(
                file,
                foreign.size(),
                foreign.stream().limit(SHOWN).collect(Collectors.joining(", ")),
                foreign.size() > SHOWN ? ", …" : "",
                hint(names, network)));
  }

  /**
   * " Its names are those of x.", where a file has names that {@code network} does not know, and
   * the smallest that knows them all is x; or nothing.
   */
  static String hint(Set<String> names, Network network) {
    List<String> knowing =
        Networks.names().stream().filter(name -> knows(Networks.of(name), names)).toList();
    if (knowing.isEmpty() || knows(network, names)) {
      return "";
    }
    int least = knowing.stream().mapToInt(FileFit::size).min().orElseThrow();
    return knowing.stream()
        .filter(name -> size(name) == least)
        .collect(Collectors.joining(" or ", " Its names are those of ", "."));
  }

  private static boolean knows(Network network, Set<String> names) {
    return network.dialects().stream()
        .anyMatch(dialect -> foreign(names, network, dialect).isEmpty());
  }

  private static int size(String architecture) {
    Network network = Networks.of(architecture);
    return network.draw(network.dialects().get(0)).names().size();
  }

  private static List<String> foreign(Set<String> names, Network network, Dialect dialect) {
    Set<String> known =
        network.draw(dialect).names().stream()
            .flatMap(vertex -> KINDS.stream().map(kind -> network.tensor(dialect, vertex, kind)))
            .filter(Objects::nonNull)
            .map(FileFit::layer)
            .collect(Collectors.toSet());
    return names.stream()
        .filter(name -> !known.contains(layer(name)) && !BESIDE.matcher(name).matches())
        .sorted()
        .toList();
  }

  /** {@code layer1.0.conv1} of {@code layer1.0.conv1.weight}. */
  private static String layer(String tensor) {
    int end = Math.max(tensor.lastIndexOf('.'), tensor.lastIndexOf('/'));
    return end < 0 ? tensor : tensor.substring(0, end);
  }

  /**
   * A dense layer over maps tells by its width for which size of pictures it was made.
   *
   * @param all of {@code network}
   * @param file names it
   * @throws UserError if it is another size than that of the pictures that will come
   */
  static void checkPictureSize(
      ComputationGraphConfiguration network, List<Parameter> all, Tensors tensors, String file) {
    for (Parameter parameter : all) {
      LayerVertex vertex = (LayerVertex) network.getVertices().get(parameter.vertex());
      if (parameter.kind().equals("W")
          && vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor maps
          && tensors.names().contains(parameter.tensor())
          && differsInOne(tensors.shape(parameter.tensor()), parameter.shape())) {
        throw new UserError(
            "Cannot use the weights in %s for pictures of this size: dense layer '%s' reads maps of %d x %d x %d here (got '%s' %s, wanted %s). Give the card the input size that the weights were trained on, or cut before '%s'."
                .formatted(
                    file,
                    parameter.vertex(),
                    maps.getNumChannels(),
                    maps.getInputHeight(),
                    maps.getInputWidth(),
                    parameter.tensor(),
                    Arrays.toString(tensors.shape(parameter.tensor())),
                    Arrays.toString(parameter.shape()),
                    parameter.vertex()));
      }
    }
  }

  /** Of two axes: the number of outputs is right, that of inputs is not. */
  private static boolean differsInOne(long[] got, long[] wanted) {
    return got.length == 2 && wanted.length == 2 && (got[0] == wanted[0]) != (got[1] == wanted[1]);
  }
}
