package org.graft.engine.onnx.transformer;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The encoder of T5 (Raffel et al., arXiv 1910.10683), its version 1.1, Flan-T5 and mT5. As
 * transformers' {@code T5EncoderModel}.
 *
 * @param headWidth of each of the {@code heads}; together they need not be as wide as the network
 * @param gated whether the first dense layer is twice there, one half opening the other
 */
record T5Encoder(
    int width,
    int heads,
    int headWidth,
    int layers,
    int inner,
    int vocabulary,
    RelativeBuckets buckets,
    Activation activation,
    boolean gated,
    float epsilon)
    implements Family {
  private static final String GATED = "gated-";
  private static final Set<String> FEED_FORWARD =
      new TreeSet<>(
          List.of("relu", "gelu", "gelu_new", "silu", "gated-relu", "gated-gelu", "gated-silu"));
  private static final String BIAS =
      "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";

  static T5Encoder of(ModelConfig config) {
    String feedForward = config.choice("feed_forward_proj", FEED_FORWARD, "relu");
    return new T5Encoder(
        config.size("d_model", Limits.WIDTH),
        config.size("num_heads", Limits.HEADS),
        config.size("d_kv", Limits.WIDTH),
        config.size("num_layers", Limits.LAYERS),
        config.size("d_ff", Limits.INNER),
        config.size("vocab_size", Limits.VOCABULARY),
        RelativeBuckets.of(config),
        activation(feedForward),
        feedForward.startsWith(GATED),
        config.epsilon("layer_norm_epsilon", 1e-6));
  }

  /** {@code gated-gelu} means the approximation, as T5 1.1 was trained. */
  private static Activation activation(String feedForward) {
    return feedForward.equals("gated-gelu")
        ? Activation.GELU_TANH
        : Activation.of(feedForward.replace(GATED, ""));
  }

  @Override
  public int longest() {
    return Integer.MAX_VALUE;
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK);
  }

  @Override
  public String anchor() {
    return BIAS;
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    String table = sketch.parameters().present("shared.weight", "encoder.embed_tokens.weight");
    List<String> states =
        new ArrayList<>(List.of(sketch.embedding(table, vocabulary, width, Sketch.IDS)));
    if (last > 0) {
      String places = buckets.draw(sketch, BIAS, heads);
      String bias = sketch.add("bias", places, sketch.padding());
      for (int i = 0; i < last; i++) {
        states.add(layer(sketch, "encoder.block." + i + ".layer.", states.get(i), bias));
      }
    }
    if (last == layers) {
      String name = "encoder.final_layer_norm";
      states.set(last, sketch.rmsNorm(name, states.get(last), width, epsilon));
    }
    return states;
  }

  private String layer(Sketch sketch, String layer, String x, String bias) {
    String self = layer + "0.SelfAttention.";
    int all = heads * headWidth;
    String before = sketch.rmsNorm(layer + "0.layer_norm", x, width, epsilon);
    List<String> parts = List.of(self + "q.weight", self + "k.weight", self + "v.weight");
    String qkv = sketch.product(self + "qkv", parts, before, width, all);
    String heard =
        sketch.attention(self + "heard", sketch.split(qkv, 3), heads, bias, attribute("scale", 1f));
    String said = sketch.product(self + "o", List.of(self + "o.weight"), heard, all, width);
    String middle = sketch.add(layer + "0:sum", x, said);
    String normed = sketch.rmsNorm(layer + "1.layer_norm", middle, width, epsilon);
    return sketch.add(
        layer + "1:sum", middle, feedForward(sketch, layer + "1.DenseReluDense.", normed));
  }

  private String feedForward(Sketch sketch, String dense, String x) {
    List<String> first =
        gated
            ? List.of(dense + "wi_0.weight", dense + "wi_1.weight")
            : List.of(dense + "wi.weight");
    String wide = sketch.product(dense + "wi", first, x, width, inner);
    String active =
        gated ? gate(sketch, dense, wide) : sketch.activation(activation, dense + "act", wide);
    return sketch.product(dense + "wo", List.of(dense + "wo.weight"), active, inner, width);
  }

  private String gate(Sketch sketch, String dense, String wide) {
    List<String> halves = sketch.split(wide, 2);
    String open = sketch.activation(activation, dense + "act", halves.get(0));
    return sketch.op("Mul", dense + "gated", List.of(open, halves.get(1)));
  }
}
