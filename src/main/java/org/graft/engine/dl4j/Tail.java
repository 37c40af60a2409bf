package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;

/**
 * The part of a network above one of its vertices, through which all that it computes passes.
 *
 * @param network ends at the cut
 * @param from the vertex whose activations the tail takes
 * @param vertices of the tail, in topological order, without {@code from}
 * @param types of the activations, by vertex
 */
record Tail(
    ComputationGraphConfiguration network,
    String from,
    List<String> vertices,
    Map<String, InputType> types) {

  /**
   * @param network of a graph, so that its order is known
   * @param what names the network in errors
   * @throws UserError if there is no such vertex below the cut, or the tail needs others besides
   */
  static Tail of(ComputationGraphConfiguration network, Input input, String from, String what) {
    List<String> points = points(network);
    if (!points.contains(from)) {
      throw new UserError(
          "Cannot fine-tune %s from '%s': %s. Set finetune.from to one of %s.%s"
              .formatted(
                  what, from, reason(network, from), points, NearestMatch.hint(from, points)));
    }
    return new Tail(
        network, from, above(network, from), Map.copyOf(ActivationTypes.of(network, input)));
  }

  /** The last vertex of all. */
  String cut() {
    return network.getNetworkOutputs().get(0);
  }

  /** Whether that vertex has parameters. */
  boolean learns(String vertex) {
    return network.getVertices().get(vertex).numParams(false) > 0;
  }

  String[] inputs(String vertex) {
    return network.getVertexInputs().get(vertex).toArray(String[]::new);
  }

  private static String reason(ComputationGraphConfiguration network, String from) {
    String cut = network.getNetworkOutputs().get(0);
    if (from.equals(cut)) {
      return "that is backbone.cut itself, with nothing in between to train";
    }
    return network.getVertices().containsKey(from)
        ? "what comes after it reads %s, too".formatted(outside(network, from))
        : "there is no such layer below the cut '%s'".formatted(cut);
  }

  /** The vertices below the cut that all of the network passes through, in topological order. */
  static List<String> points(ComputationGraphConfiguration network) {
    String cut = network.getNetworkOutputs().get(0);
    return order(network).stream()
        .filter(v -> !v.equals(cut) && outside(network, v).isEmpty())
        .toList();
  }

  /** The vertices that are computed from {@code from}, in topological order. */
  private static List<String> above(ComputationGraphConfiguration network, String from) {
    Set<String> reached = new HashSet<>(Set.of(from));
    List<String> above = new ArrayList<>();
    for (String vertex : order(network)) {
      if (network.getVertexInputs().get(vertex).stream().anyMatch(reached::contains)) {
        reached.add(vertex);
        above.add(vertex);
      }
    }
    return above;
  }

  /** What the vertices above {@code from} read beside it and each other. */
  private static List<String> outside(ComputationGraphConfiguration network, String from) {
    List<String> above = above(network, from);
    return above.stream()
        .flatMap(vertex -> network.getVertexInputs().get(vertex).stream())
        .filter(read -> !read.equals(from) && !above.contains(read))
        .distinct()
        .toList();
  }

  private static List<String> order(ComputationGraphConfiguration network) {
    return network.getTopologicalOrderStr().stream()
        .filter(network.getVertices()::containsKey)
        .toList();
  }
}
