package org.graft.engine.onnx.transformer;

import java.util.ArrayList;
import java.util.List;

/**
 * XLNet (Yang et al., arXiv 1906.08237), its content stream alone, in which each token hears all
 * others, without a memory of earlier texts. As transformers' {@code XLNetModel}.
 *
 * @param clamp the farthest distance that is told from others; none if not positive
 */
record XlNet(
    int width,
    int heads,
    int layers,
    int inner,
    int vocabulary,
    int clamp,
    Activation activation,
    float epsilon)
    implements Family {
  static XlNet of(ModelConfig config) {
    config.only("attn_type", "bi");
    config.only("bi_data", false);
    config.only("same_length", false);
    config.only("untie_r", true);
    int width = config.size("d_model", Limits.WIDTH);
    int heads = config.size("n_head", Limits.HEADS);
    config.multiple("d_model", width, "n_head", heads);
    config.multiple("d_model", width, "the number of waves", 2);
    return new XlNet(
        width,
        heads,
        config.size("n_layer", Limits.LAYERS),
        config.size("d_inner", Limits.INNER),
        config.size("vocab_size", Limits.VOCABULARY),
        config.number("clamp_len", -1),
        Activation.of(config, "ff_activation", "gelu"),
        config.epsilon("layer_norm_eps", 1e-12));
  }

  @Override
  public int longest() {
    return Integer.MAX_VALUE;
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK, Sketch.TYPES);
  }

  @Override
  public String anchor() {
    return "word_embedding.weight";
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    List<String> states =
        new ArrayList<>(List.of(sketch.embedding(anchor(), vocabulary, width, Sketch.IDS)));
    if (last > 0) {
      RelativeAttention attention = new RelativeAttention(sketch, width, heads, clamp);
      for (int i = 0; i < last; i++) {
        String layer = "layer." + i + ".";
        String heard = attention.draw(layer + "rel_attn.", states.get(i));
        String middle = normed(sketch, layer + "rel_attn.layer_norm", heard, states.get(i));
        String narrow = feedForward(sketch, layer + "ff.", middle);
        states.add(normed(sketch, layer + "ff.layer_norm", narrow, middle));
      }
    }
    return states;
  }

  private String feedForward(Sketch sketch, String dense, String x) {
    String wide = sketch.linear(dense + "layer_1", x, width, inner);
    String active = sketch.activation(activation, dense + "act", wide);
    return sketch.linear(dense + "layer_2", active, inner, width);
  }

  private String normed(Sketch sketch, String norm, String x, String residual) {
    return sketch.layerNorm(norm, sketch.add(norm + ":sum", x, residual), width, epsilon);
  }
}
