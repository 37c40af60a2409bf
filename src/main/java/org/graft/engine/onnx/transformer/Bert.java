package org.graft.engine.onnx.transformer;

import java.util.ArrayList;
import java.util.List;

/**
 * BERT (Devlin et al., arXiv 1810.04805), and what is BERT by another name: MiniLM, BGE, E5. As
 * transformers' {@code BertModel}.
 */
record Bert(int layers, int vocabulary, int longest, int types, EncoderLayer layer)
    implements Family {
  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final EncoderLayer.Names NAMES =
      new EncoderLayer.Names(
          List.of("attention.self.query", "attention.self.key", "attention.self.value"),
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  static Bert of(ModelConfig config) {
    config.only("is_decoder", false);
    config.only("position_embedding_type", "absolute");
    return new Bert(
        config.size("num_hidden_layers", Limits.LAYERS),
        config.size("vocab_size", Limits.VOCABULARY),
        config.size("max_position_embeddings", Limits.POSITIONS),
        config.size("type_vocab_size", Limits.TYPES, 2),
        layer(config));
  }

  private static EncoderLayer layer(ModelConfig config) {
    int width = config.size("hidden_size", Limits.WIDTH);
    int heads = config.size("num_attention_heads", Limits.HEADS);
    config.multiple("hidden_size", width, "num_attention_heads", heads);
    return new EncoderLayer(
        width,
        heads,
        config.size("intermediate_size", Limits.INNER),
        Activation.of(config, "hidden_act", "gelu"),
        config.epsilon("layer_norm_eps", 1e-12),
        NAMES);
  }

  @Override
  public int width() {
    return layer.width();
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK, Sketch.TYPES);
  }

  @Override
  public String anchor() {
    return WORDS;
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    String typed = sketch.embedding(typeTable(), types, width(), Sketch.TYPES);
    return draw(sketch, typed, sketch.firstRows(positionTable(), longest, width()), last);
  }

  static String typeTable() {
    return "embeddings.token_type_embeddings.weight";
  }

  static String positionTable() {
    return "embeddings.position_embeddings.weight";
  }

  /** Draws it on what is known of each token beside its word. */
  List<String> draw(Sketch sketch, String typed, String placed, int last) {
    String words = sketch.embedding(WORDS, vocabulary, width(), Sketch.IDS);
    String sum = sketch.add("embeddings", sketch.add("embeddings:typed", words, typed), placed);
    List<String> states = new ArrayList<>();
    states.add(sketch.layerNorm("embeddings.LayerNorm", sum, width(), layer.epsilon()));
    String padding = sketch.padding();
    for (int i = 0; i < last; i++) {
      states.add(layer.draw(sketch, "encoder.layer." + i + ".", states.get(i), padding));
    }
    return states;
  }
}
