package org.graft.engine.dl4j;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.BackboneCard.Input;
import org.graft.common.UserError;
import org.graft.weights.Tensors;
import org.graft.weights.WeightBinding;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that ends at a cut, and its parameters.
 *
 * @param parameters {@code [1][n]}, flat, in the order that DL4J gives them
 */
record FrozenNetwork(ComputationGraphConfiguration network, INDArray parameters) {
  private static final Logger log = LoggerFactory.getLogger(FrozenNetwork.class);

  /** All parameters zero. */
  static FrozenNetwork zeros(ComputationGraphConfiguration network) {
    return new FrozenNetwork(network, Nd4j.create(DataType.FLOAT, 1, parameterCount(network)));
  }

  static long parameterCount(ComputationGraphConfiguration network) {
    return network.getVertices().values().stream().mapToLong(v -> v.numParams(false)).sum();
  }

  /**
   * Fills {@code network}, cut at {@code vertex}, with the tensors of a file.
   *
   * @param file names the file in errors
   */
  static FrozenNetwork of(Network network, String vertex, Input input, Tensors tensors, String file)
      throws IOException {
    Tensors counted = KerasNumbers.fromZero(tensors);
    Dialect dialect = network.dialect(counted.names());
    FrozenNetwork frozen = zeros(network.cutAt(vertex, input, dialect));
    try {
      Parameter.setOnes(frozen.graph(), network, dialect);
      List<Parameter> all = Parameter.of(frozen.graph(), network, dialect);
      FileFit.checkPictureSize(frozen.network, all, counted, file);
      fill(all, binding(all, network, counted, file), file);
      FileFit.warning(counted.names(), network, dialect, file).ifPresent(log::warn);
      return frozen;
    } catch (RuntimeException | IOException e) {
      frozen.parameters.close();
      throw e;
    }
  }

  private static WeightBinding binding(
      List<Parameter> all, Network network, Tensors tensors, String file) {
    Map<String, long[]> wanted = new LinkedHashMap<>();
    all.forEach(parameter -> wanted.put(parameter.tensor(), parameter.shape()));
    try {
      return WeightBinding.of(tensors, file, wanted);
    } catch (UserError e) {
      throw new UserError(e.getMessage() + FileFit.hint(tensors.names(), network), e);
    }
  }

  private static void fill(List<Parameter> all, WeightBinding binding, String file)
      throws IOException {
    for (Parameter parameter : all) {
      parameter.set(binding.read(parameter.tensor()));
    }
    log.debug("{}: not needed below the cut: {}", file, binding.unused(name -> false));
  }

  /** A graph over these very parameters. */
  ComputationGraph graph() {
    ComputationGraph graph = new ComputationGraph(network.clone());
    graph.init(parameters, false);
    return graph;
  }

  /** The part that {@code vertex} depends on, with a copy of its parameters. */
  FrozenNetwork cutAt(String vertex) {
    ComputationGraphConfiguration shorter = network.clone();
    Set<String> needed = ancestors(network, vertex);
    shorter.getVertices().keySet().retainAll(needed);
    shorter.getVertexInputs().keySet().retainAll(needed);
    shorter.setNetworkOutputs(List.of(vertex));
    shorter.setTopologicalOrder(null);
    shorter.setTopologicalOrderStr(null);
    FrozenNetwork cut = zeros(shorter);
    ComputationGraph from = graph();
    ComputationGraph to = cut.graph();
    for (String name : shorter.getVertices().keySet()) {
      from.getVertex(name)
          .paramTable(false)
          .forEach((kind, values) -> to.getVertex(name).paramTable(false).get(kind).assign(values));
    }
    return cut;
  }

  /** The vertex and all that it depends on. */
  static Set<String> ancestors(ComputationGraphConfiguration network, String vertex) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(vertex));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (needed.add(name)) {
        open.addAll(network.getVertexInputs().getOrDefault(name, List.of()));
      }
    }
    return needed;
  }
}
