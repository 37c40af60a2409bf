package org.graft.engine.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.ValueInfoProto;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.Checks;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.engine.WeightFiles;
import org.graft.engine.onnx.transformer.TransformerNetwork;
import org.graft.weights.Tensors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that reads texts. Texts of the same number of tokens go through side by side, and
 * nothing is padded. That a text's features are the same beside any others is tried when the
 * network is opened; where it is not so (dynamic quantisation: the scale is the whole batch's),
 * each goes through alone.
 */
final class TextBackbone implements Backbone {
  private static final Logger log = LoggerFactory.getLogger(TextBackbone.class);

  /** Tokens that go through the network at once, whose activations lie in memory. */
  private static final int MOST_TOKENS = 4096;

  private final TokenSession session;
  private final Pooling pooling;
  private final int longest;
  private final int batch;
  private final int width;
  private final boolean together;

  /** A card chooses how to compute by the shapes: then every run of one length has one shape. */
  private final boolean padded;

  private TextBackbone(TokenSession session, BackboneSpec spec, boolean padded) {
    this.session = session;
    this.padded = padded;
    this.pooling = spec.pooling();
    this.longest = spec.card().text().maxTokens();
    this.batch = spec.batch();
    this.width = pooled(TextProbe.alike(1), 1)[0].length;
    this.together =
        TextProbe.neighboursDoNotMatter(texts -> pooled(texts, most(texts[0].length)), longest);
    if (!together) {
      log.info("{}: features depend on the batch; texts go through one at a time", spec.weights());
    }
  }

  /**
   * @throws UserError if the file or the cut does not fit, if ONNX Runtime cannot run the network,
   *     or if it is to be quantised and cannot be
   */
  static Backbone open(BackboneSpec spec, Execution execution) throws IOException {
    return spec.card().config() == null
        ? open(spec, OnnxFile.read(spec.weights()), execution)
        : open(spec, drawn(spec), execution);
  }

  /**
   * The same of a network in memory.
   *
   * @param model inputs {@code input_ids} and, as it likes, {@code attention_mask}, {@code
   *     token_type_ids}, {@code position_ids}, all {@code [N][T]}; any of its tensors may be the
   *     cut
   */
  static Backbone open(BackboneSpec spec, ModelProto model, Execution execution) {
    return open(spec, model, execution, execution.device().isCuda());
  }

  /**
   * @param padded whether all runs of texts of one length have the same number of them
   */
  static Backbone open(BackboneSpec spec, ModelProto model, Execution execution, boolean padded) {
    check(spec, model);
    try {
      return new TextBackbone(
          new TokenSession(inPrecision(spec, upTo(spec, model)), execution), spec, padded);
    } catch (IllegalStateException e) {
      throw OnnxFile.error(
          spec.weights(),
          e.getMessage().strip(),
          "Export its encoder alone, with input_ids, attention_mask and token_type_ids only.");
    }
  }

  /** The network of the card's {@code config.json} up to the cut, with the file's weights. */
  private static ModelProto drawn(BackboneSpec spec) throws IOException {
    String layer = spec.card().cut(spec.cut()).layer();
    TransformerNetwork network =
        TransformerNetwork.of("the card " + spec.card().name(), spec.card().config());
    network.checkLength(spec.card().text().maxTokens());
    try (Tensors weights = WeightFiles.open(spec.weights())) {
      return network
          .model(weights, spec.weights().toString(), List.of(network.state(layer)))
          .proto();
    }
  }

  private static void check(BackboneSpec spec, ModelProto model) {
    if (spec.pooling() == Pooling.NONE && spec.card().cut(spec.cut()).height() != 1) {
      throw new UserError(
          "Cannot pool %s by none: texts differ in length. Set backbone.pooling to mean, max, cls or last."
              .formatted(spec.card().name()));
    }
    List<String> tensors = new ArrayList<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      tensors.addAll(node.getOutputList());
    }
    String layer = spec.card().cut(spec.cut()).layer();
    if (!tensors.contains(layer)) {
      throw new UserError(
          "Cannot cut the ONNX network %s at '%s': it has no such tensor.%s Correct the card's cut."
              .formatted(spec.weights(), layer, NearestMatch.hint(layer, tensors)));
    }
    TokenTable.check(spec, model.getGraph());
  }

  private static OnnxModel inPrecision(BackboneSpec spec, ModelProto fp32) {
    String name = spec.card().name();
    if (!(spec.precision() instanceof Precision.Int8 int8)) {
      return OnnxBackboneLoader.inPrecision(new OnnxModel(fp32), spec.precision());
    }
    if (!int8.ranges().areNone()) {
      throw new UserError(
          "Cannot run %s in int8 by measured ranges: it reads texts, which have none. Quantise it anew."
              .formatted(name));
    }
    return TokenQuantizer.quantize(name, fp32);
  }

  private static ModelProto upTo(BackboneSpec spec, ModelProto model) {
    ModelProto.Builder builder = model.toBuilder();
    String layer = spec.card().cut(spec.cut()).layer();
    builder.getGraphBuilder().clearOutput().addOutput(ValueInfoProto.newBuilder().setName(layer));
    return builder.build();
  }

  @Override
  public int width() {
    return width;
  }

  /** Of the longest one. */
  @Override
  public int inputLength() {
    return longest;
  }

  @Override
  public int batch() {
    return batch;
  }

  /**
   * @param inputs {@code [n][tokens]} of {@link org.graft.text.TokenInput}, of any lengths up to
   *     {@link #inputLength()}
   */
  @Override
  public float[][] features(float[][] inputs) {
    Checks.argument(
        inputs.length > 0 && inputs.length <= batch,
        "1 to %d inputs wanted, got %d",
        batch,
        inputs.length);
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < inputs.length; i++) {
      int length = inputs[i].length;
      Checks.argument(
          length > 0 && length <= longest, "input of %d, wanted 1 to %d", length, longest);
      byLength.computeIfAbsent(length, tokens -> new ArrayList<>()).add(i);
    }
    float[][] features = new float[inputs.length][];
    byLength.forEach((length, places) -> run(inputs, length, places, features));
    return features;
  }

  private void run(float[][] inputs, int length, List<Integer> places, float[][] features) {
    float[][] rows = places.stream().map(i -> inputs[i]).toArray(float[][]::new);
    float[][] got = pooled(rows, together ? most(length) : 1);
    for (int i = 0; i < got.length; i++) {
      features[places.get(i)] = got[i];
    }
  }

  /** Texts of that length that go through side by side. */
  private int most(int length) {
    int most = Math.max(1, MOST_TOKENS / length);
    return padded ? Math.min(batch, most) : most;
  }

  private float[][] pooled(float[][] rows, int most) {
    float[][] all = new float[rows.length][];
    for (int from = 0; from < rows.length; from += most) {
      int n = Math.min(most, rows.length - from);
      float[][] some = Arrays.copyOfRange(rows, from, padded ? from + most : from + n);
      Arrays.fill(some, n, some.length, rows[from]); // what is beyond the last one
      float[][] got = TextPooling.of(session.run(some), pooling);
      System.arraycopy(got, 0, all, from, n);
    }
    return all;
  }

  @Override
  public void close() {
    session.close();
  }
}
