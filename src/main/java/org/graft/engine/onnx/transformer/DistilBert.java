package org.graft.engine.onnx.transformer;

import java.util.ArrayList;
import java.util.List;

/**
 * DistilBERT (Sanh et al., arXiv 1910.01108): BERT without token types, other names. As
 * transformers' {@code DistilBertModel}.
 */
record DistilBert(int layers, int vocabulary, int longest, EncoderLayer layer) implements Family {
  private static final float EPSILON = 1e-12f; // fixed in the code
  private static final EncoderLayer.Names NAMES =
      new EncoderLayer.Names(
          List.of("attention.q_lin", "attention.k_lin", "attention.v_lin"),
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  static DistilBert of(ModelConfig config) {
    int width = config.size("dim", Limits.WIDTH);
    int heads = config.size("n_heads", Limits.HEADS);
    config.multiple("dim", width, "n_heads", heads);
    return new DistilBert(
        config.size("n_layers", Limits.LAYERS),
        config.size("vocab_size", Limits.VOCABULARY),
        config.size("max_position_embeddings", Limits.POSITIONS),
        new EncoderLayer(
            width,
            heads,
            config.size("hidden_dim", Limits.INNER),
            Activation.of(config, "activation", "gelu"),
            EPSILON,
            NAMES));
  }

  @Override
  public int width() {
    return layer.width();
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK);
  }

  @Override
  public String anchor() {
    return "embeddings.word_embeddings.weight";
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    String words = sketch.embedding(anchor(), vocabulary, width(), Sketch.IDS);
    String places = sketch.firstRows("embeddings.position_embeddings.weight", longest, width());
    String sum = sketch.add("embeddings", words, places);
    List<String> states = new ArrayList<>();
    states.add(sketch.layerNorm("embeddings.LayerNorm", sum, width(), EPSILON));
    String padding = sketch.padding();
    for (int i = 0; i < last; i++) {
      states.add(layer.draw(sketch, "transformer.layer." + i + ".", states.get(i), padding));
    }
    return states;
  }
}
