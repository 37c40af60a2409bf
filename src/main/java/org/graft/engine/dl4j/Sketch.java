package org.graft.engine.dl4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.Checks;

/**
 * A network being drawn: a list of named vertices, each after its inputs. Nothing is built before
 * {@link #cutAt}, and then only what the cut needs.
 */
final class Sketch {
  /** The name of the network's input, {@code [batch][channels][height][width]}. */
  static final String INPUT = "input";

  /**
   * @param adding puts the vertex into a graph whose input is of that shape
   */
  private record Vertex(String name, List<String> inputs, BiConsumer<GraphBuilder, Input> adding) {}

  private final List<Vertex> vertices = new ArrayList<>();

  /** Adds a layer and gives its name back, for the next one to take as its input. */
  String layer(String name, Layer layer, String input) {
    return add(name, List.of(input), (graph, picture) -> graph.addLayer(name, layer, input));
  }

  /** Adds a layer that depends on the size of the maps that it reads. */
  String sized(String name, Function<InputTypeConvolutional, Layer> layer, String input) {
    return add(
        name,
        List.of(input),
        (graph, picture) -> graph.addLayer(name, layer.apply(maps(input, picture)), input));
  }

  String vertex(String name, GraphVertex vertex, String... inputs) {
    return add(name, List.of(inputs), (graph, picture) -> graph.addVertex(name, vertex, inputs));
  }

  private String add(String name, List<String> inputs, BiConsumer<GraphBuilder, Input> adding) {
    vertices.add(new Vertex(name, inputs, adding));
    return name;
  }

  private InputTypeConvolutional maps(String vertex, Input input) {
    return (InputTypeConvolutional) ActivationTypes.of(cutAt(vertex, input), input).get(vertex);
  }

  List<String> names() {
    return vertices.stream().map(Vertex::name).toList();
  }

  /** The vertices that {@code cut} depends on, and itself. */
  List<String> upTo(String cut) {
    Set<String> needed = ancestors(cut);
    return names().stream().filter(needed::contains).toList();
  }

  /** The part of the network that {@code cut} depends on; its output is the cut's. */
  ComputationGraphConfiguration cutAt(String cut, Input input) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .weightInit(WeightInit.ZERO) // every value comes from a weight file
            .graphBuilder()
            .addInputs(INPUT)
            .setInputTypes(InputType.convolutional(input.height(), input.width(), input.channels()))
            .setOutputs(cut);
    Set<String> needed = ancestors(cut);
    vertices.stream()
        .filter(v -> needed.contains(v.name()))
        .forEach(v -> v.adding().accept(graph, input));
    return graph.build();
  }

  private Set<String> ancestors(String cut) {
    Checks.argument(names().contains(cut), "no vertex %s", cut);
    Set<String> needed = new HashSet<>(Set.of(cut));
    for (int i = vertices.size() - 1; i >= 0; i--) {
      if (needed.contains(vertices.get(i).name())) {
        needed.addAll(vertices.get(i).inputs());
      }
    }
    return needed;
  }
}
