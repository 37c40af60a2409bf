package org.graft.engine.onnx.transformer;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.graft.engine.onnx.OnnxGraph;

/** What stands between the two layers of a feed-forward block. */
enum Activation {
  /** {@code x Phi(x)}. */
  GELU {
    @Override
    String apply(OnnxGraph graph, String name, String x) {
      return graph.node("Gelu", name, List.of(x));
    }
  },
  /** The approximation of {@link #GELU} by tanh that Google's BERT and GPT-2 were trained with. */
  GELU_TANH {
    @Override
    String apply(OnnxGraph graph, String name, String x) {
      return graph.node("Gelu", name, List.of(x), attribute("approximate", "tanh"));
    }
  },
  RELU {
    @Override
    String apply(OnnxGraph graph, String name, String x) {
      return graph.node("Relu", name, List.of(x));
    }
  },
  /** {@code x sigmoid(x)}. */
  SILU {
    @Override
    String apply(OnnxGraph graph, String name, String x) {
      String sigmoid = graph.node("Sigmoid", name + ".sigmoid", List.of(x));
      return graph.node("Mul", name, List.of(x, sigmoid));
    }
  };

  /** As transformers calls them. */
  private static final Map<String, Activation> NAMES =
      new TreeMap<>(
          Map.of(
              "gelu", GELU,
              "gelu_python", GELU,
              "gelu_new", GELU_TANH,
              "gelu_fast", GELU_TANH,
              "gelu_pytorch_tanh", GELU_TANH,
              "relu", RELU,
              "silu", SILU,
              "swish", SILU));

  abstract String apply(OnnxGraph graph, String name, String x);

  static Activation of(String name) {
    return NAMES.get(name);
  }

  static Activation of(ModelConfig config, String key, String otherwise) {
    return of(config.choice(key, NAMES.keySet(), otherwise));
  }
}
