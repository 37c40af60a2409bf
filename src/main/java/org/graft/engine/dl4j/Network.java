package org.graft.engine.dl4j;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * A published network as a DL4J graph in NCHW, and what its parameters are called in public weight
 * files. Networks whose arithmetic differs in more than batch norm's epsilon or a bias have names
 * of their own in {@link Networks}: {@code resnet50_v1} and {@code resnet50_v1.5}.
 */
interface Network {
  /** The dialects in which weights for this network are published; the first is its own. */
  List<Dialect> dialects();

  /** The vertices that cards name as cuts, every stage's end, in order; the last is the default. */
  List<String> cuts();

  /**
   * Draws all of the network up to its last feature.
   *
   * @param dialect some details (batch norm's epsilon, biases) differ between publishers
   */
  Sketch draw(Dialect dialect);

  /** What the publisher calls the layer at {@code vertex}: the front part of its tensors' names. */
  String prefix(Dialect dialect, String vertex);

  /**
   * The name of a parameter in the publisher's files; null if it is always one, and in none.
   *
   * @param kind DL4J's name: W, b, gamma, beta, mean or var
   */
  default String tensor(Dialect dialect, String vertex, String kind) {
    return dialect.tensor(prefix(dialect, vertex), kind);
  }

  /**
   * The shape of a parameter in the publisher's files.
   *
   * @param usual what it is for layers of this kind; the elements' order is the same in both
   */
  default long[] shape(Dialect dialect, String vertex, String kind, long... usual) {
    return usual;
  }

  /** The distance of a kernel's taps in its last axis, where the graph has zeros between them. */
  default int gap(String vertex) {
    return 1;
  }

  /** The dialect in which most of the network's layers are found in a file; of equals the first. */
  default Dialect dialect(Set<String> names) {
    Dialect best = dialects().get(0);
    for (Dialect dialect : dialects()) {
      best = found(dialect, names) > found(best, names) ? dialect : best;
    }
    return best;
  }

  private long found(Dialect dialect, Set<String> names) {
    return draw(dialect).names().stream()
        .filter(
            vertex ->
                Stream.of("W", "gamma", "var")
                    .map(kind -> tensor(dialect, vertex, kind))
                    .anyMatch(tensor -> tensor != null && names.contains(tensor)))
        .count();
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
}
