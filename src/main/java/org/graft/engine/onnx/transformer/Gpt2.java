package org.graft.engine.onnx.transformer;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.List;

/**
 * GPT-2 (Radford et al., 2019): each token hears itself and those before it. As transformers'
 * {@code GPT2Model}; padding must be on the right.
 */
record Gpt2(
    int width,
    int heads,
    int layers,
    int inner,
    int vocabulary,
    int longest,
    Activation activation,
    float epsilon)
    implements Family {
  static Gpt2 of(ModelConfig config) {
    config.only("scale_attn_weights", true);
    config.only("scale_attn_by_inverse_layer_idx", false);
    config.only("add_cross_attention", false);
    int width = config.size("n_embd", Limits.WIDTH);
    int heads = config.size("n_head", Limits.HEADS);
    config.multiple("n_embd", width, "n_head", heads);
    return new Gpt2(
        width,
        heads,
        config.size("n_layer", Limits.LAYERS),
        config.size("n_inner", Limits.INNER, 4 * width),
        config.size("vocab_size", Limits.VOCABULARY),
        config.size("n_positions", Limits.POSITIONS),
        Activation.of(config, "activation_function", "gelu_new"),
        config.epsilon("layer_norm_epsilon", 1e-5));
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK);
  }

  @Override
  public String anchor() {
    return "wte.weight";
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    String words = sketch.embedding(anchor(), vocabulary, width, Sketch.IDS);
    String places = sketch.firstRows("wpe.weight", longest, width);
    List<String> states = new ArrayList<>(List.of(sketch.add("embeddings", words, places)));
    String padding = sketch.padding();
    for (int i = 0; i < last; i++) {
      states.add(layer(sketch, "h." + i + ".", states.get(i), padding));
    }
    if (last == layers) {
      states.set(last, sketch.layerNorm("ln_f", states.get(last), width, epsilon));
    }
    return states;
  }

  private String layer(Sketch sketch, String layer, String x, String padding) {
    String before = sketch.layerNorm(layer + "ln_1", x, width, epsilon);
    String qkv = sketch.convolution(layer + "attn.c_attn", before, width, 3 * width);
    String heard =
        sketch.attention(
            layer + "attn", sketch.split(qkv, 3), heads, padding, attribute("is_causal", 1));
    String said = sketch.convolution(layer + "attn.c_proj", heard, width, width);
    String middle = sketch.add(layer + "attn:sum", x, said);
    String normed = sketch.layerNorm(layer + "ln_2", middle, width, epsilon);
    String wide = sketch.convolution(layer + "mlp.c_fc", normed, width, inner);
    String active = sketch.activation(activation, layer + "mlp.act", wide);
    String narrow = sketch.convolution(layer + "mlp.c_proj", active, inner, width);
    return sketch.add(layer + "mlp:sum", middle, narrow);
  }
}
