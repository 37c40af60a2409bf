package org.graft.engine.onnx.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.onnx.OnnxGraph;
import org.graft.engine.onnx.OnnxModel;
import org.graft.weights.Tensors;

/**
 * A text network of Hugging Face, built from its {@code config.json} and its weights without an
 * export. Inputs are {@code input_ids}, {@code attention_mask} (1 for tokens, 0 for padding) and,
 * where the family has them, {@code token_type_ids}, each {@code int64 [N][T]}; outputs are {@code
 * hidden_states.K}, {@code float [N][T][width]}, numbered and normed as transformers does with
 * {@code output_hidden_states=True}: 0 is the embeddings, {@link #layers} the last. N and T are
 * free. At padding the states mean nothing.
 */
public final class TransformerNetwork {
  private static final Map<String, Function<ModelConfig, Family>> FAMILIES =
      new TreeMap<>(
          Map.of(
              "bert", Bert::of,
              "camembert", Roberta::of,
              "distilbert", DistilBert::of,
              "gpt2", Gpt2::of,
              "mt5", T5Encoder::of,
              "roberta", Roberta::of,
              "t5", T5Encoder::of,
              "xlm-roberta", Roberta::of,
              "xlnet", XlNet::of));

  private final Family family;

  private TransformerNetwork(Family family) {
    this.family = family;
  }

  /** The values of {@code model_type} that can be built. */
  public static Collection<String> types() {
    return Collections.unmodifiableCollection(FAMILIES.keySet());
  }

  /**
   * @param config a {@code config.json}
   * @throws UserError that names every key whose value is missing or not supported
   */
  public static TransformerNetwork of(Path config) throws IOException {
    return of(ModelConfig.read(config));
  }

  /**
   * @param what names the configuration in errors
   * @param config what a {@code config.json} says
   * @throws UserError that names every key whose value is missing or not supported
   */
  public static TransformerNetwork of(String what, Map<String, Object> config) {
    return of(new ModelConfig(what, config));
  }

  static TransformerNetwork of(ModelConfig config) {
    String type = config.required("model_type", types());
    config.check();
    Family family = FAMILIES.get(type).apply(config);
    config.check();
    return new TransformerNetwork(family);
  }

  /** The number of the last hidden state. */
  public int layers() {
    return family.layers();
  }

  /** The length of a token's vector. */
  public int width() {
    return family.width();
  }

  /** Tokens are 0 to one less. */
  public int vocabulary() {
    return family.vocabulary();
  }

  /** The most tokens that a line may have; {@link Integer#MAX_VALUE} where nothing sets a limit. */
  public int longest() {
    return family.longest();
  }

  /**
   * @param tokens of the longest text that it is to take
   * @throws UserError if it has no places for so many
   */
  public void checkLength(int tokens) {
    if (tokens > longest()) {
      throw new UserError(
          "Cannot take texts of %d tokens: the network has places for %d. Set text.maxTokens of the card to that or less."
              .formatted(tokens, longest()));
    }
  }

  /** The names of what it takes. */
  public List<String> inputs() {
    return family.inputs();
  }

  /** The name of an output. */
  public static String hiddenState(int k) {
    return "hidden_states." + k;
  }

  /**
   * The number in the name of a hidden state.
   *
   * @throws UserError if there is no such state
   */
  public int state(String name) {
    for (int k = 0; k <= layers(); k++) {
      if (hiddenState(k).equals(name)) {
        return k;
      }
    }
    throw new UserError(
        "Cannot cut the network at '%s': it has %s to %s. Correct the card's cut."
            .formatted(name, hiddenState(0), hiddenState(layers())));
  }

  /**
   * The network up to the last of {@code states}; what lies behind is neither built nor read.
   *
   * @param states which hidden states it gives, each 0 to {@link #layers}
   * @param file names the weights in errors
   * @throws UserError that lists all tensors that are missing or misshapen, or if they take more
   *     than 2 GB
   */
  public OnnxModel model(Tensors weights, String file, List<Integer> states) throws IOException {
    return model(weights, file, states, OnnxGraph.MAX_BYTES);
  }

  /**
   * @param most bytes of all weights up to the last of {@code states}
   */
  OnnxModel model(Tensors weights, String file, List<Integer> states, long most)
      throws IOException {
    for (int state : states) {
      Checks.argument(state >= 0 && state <= layers(), "no hidden state %d", state);
    }
    OnnxGraph graph = new OnnxGraph(OnnxGraph.MAX_BYTES, OnnxGraph.Dialect.TEXT);
    inputs().forEach(graph::tokens);
    Parameters parameters = new Parameters(GoogleNames.over(weights), file, family.anchor());
    List<String> tensors = family.draw(new Sketch(graph, parameters), Collections.max(states));
    states.stream()
        .distinct()
        .forEach(state -> graph.sequence(hiddenState(state), tensors.get(state), width()));
    parameters.writeTo(graph, most);
    return graph.model(Version.graft());
  }
}
