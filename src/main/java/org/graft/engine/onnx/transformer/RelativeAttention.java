package org.graft.engine.onnx.transformer;

import static org.graft.engine.onnx.OnnxGraph.attribute;

import java.util.List;
import java.util.stream.Stream;
import onnx.Onnx.TensorProto.DataType;

/**
 * XLNet's attention, Transformer-XL's (Dai et al., arXiv 1901.02860): scores are the sum of what a
 * token is, how far away it is, and whether it is of the same sentence.
 */
final class RelativeAttention {
  private static final float MASKED = -1e30f;
  private static final double SLOWEST = 10_000;

  private final Sketch sketch;
  private final int width;
  private final int heads;
  private final String waves;
  private final String mask;
  private final String others;

  RelativeAttention(Sketch sketch, int width, int heads, int clamp) {
    this.sketch = sketch;
    this.width = width;
    this.heads = heads;
    this.waves = waves(clamp);
    this.mask = mask();
    this.others = others();
  }

  /**
   * @param name the layer's, with the last dot
   */
  String draw(String name, String x) {
    long[] cube = {width, heads, width / heads};
    List<String> parts = Stream.of("q", "k", "v").map(name::concat).toList();
    String matrix =
        sketch.parameters().sideBySide(name + "qkv:weight", parts, width, width, false, cube);
    List<String> qkv =
        sketch.split(sketch.op("MatMul", name + "qkv", List.of(x, matrix)), parts.size());
    String keys = heads(name + "keys", qkv.get(1), 0, 2, 3, 1);
    String content =
        sketch.op("MatMul", name + "content", List.of(biased(name, "r_w_bias", qkv.get(0)), keys));
    String distance = distance(name, biased(name, "r_r_bias", qkv.get(0)));
    String sentence = sentence(name, biased(name, "r_s_bias", qkv.get(0)));
    String sum = sketch.add(name + "sum", sketch.add(name + "two", content, distance), sentence);
    String heard = heard(name, sum, heads(name + "values", qkv.get(2), 0, 2, 1, 3));
    String output =
        sketch
            .parameters()
            .sideBySide(name + "o:weight", List.of(name + "o"), width, width, true, cube);
    return sketch.op("MatMul", name + "output", List.of(heard, output));
  }

  /** {@code [N][T][width]} of the scores' softmax. */
  private String heard(String name, String scores, String values) {
    String scale = sketch.number(name + "scale", (float) (1 / Math.sqrt((double) width / heads)));
    String scaled = sketch.op("Mul", name + "scaled", List.of(scores, scale));
    String masked = sketch.add(name + "masked", scaled, mask);
    String shares = sketch.op("Softmax", name + "shares", List.of(masked), attribute("axis", -1));
    String heard = sketch.op("MatMul", name + "heard", List.of(shares, values));
    String back = sketch.transpose(name + "back", heard, 0, 2, 1, 3);
    return sketch.reshape(name + "joined", back, 0, 0, width);
  }

  /** Queries with a bias of their own, {@code [N][heads][T][..]}. */
  private String biased(String name, String bias, String queries) {
    String values =
        sketch.parameters().joined(name + bias, List.of(name + bias), heads, width / heads);
    return heads(
        name + bias + ":heads", sketch.add(name + bias + ":sum", queries, values), 0, 2, 1, 3);
  }

  private String heads(String name, String x, long... order) {
    String parts = sketch.reshape(name + ":parts", x, 0, 0, heads, width / heads);
    return sketch.transpose(name, parts, order);
  }

  /** Row i is of the distances i - j from T down to 1 - T; shifted, its columns are j. */
  private String distance(String name, String queries) {
    long[] cube = {width, heads, width / heads};
    String matrix =
        sketch
            .parameters()
            .sideBySide(name + "r:weight", List.of(name + "r"), width, width, false, cube);
    String keys = sketch.op("MatMul", name + "r", List.of(waves, matrix));
    String parts = sketch.reshape(name + "r:parts", keys, 0, heads, width / heads);
    String all =
        sketch.op(
            "MatMul",
            name + "r:all",
            List.of(queries, sketch.transpose(name + "r:heads", parts, 1, 2, 0)));
    return shifted(name + "r:", all);
  }

  /** {@code [.., i, T - i + j]} of {@code [N][heads][T][2T]} becomes {@code [.., i, j]}. */
  private String shifted(String name, String x) {
    String zero = sketch.whole(name + "zero", 0);
    String head = sketch.whole(name + "head", 0, heads);
    String rest = sketch.whole(name + "rest", -1);
    String length = sketch.length();
    String tall = reshaped(name + "tall", x, head, rest, length);
    String most = sketch.whole(name + "most", Long.MAX_VALUE);
    String less =
        sketch.op(
            "Slice",
            name + "less",
            List.of(tall, sketch.whole(name + "one", 1), most, sketch.whole(name + "rows", 2)));
    String wide = reshaped(name + "wide", less, head, length, rest);
    return sketch.op(
        "Slice", name + "shifted", List.of(wide, zero, length, sketch.whole(name + "columns", 3)));
  }

  private String reshaped(String name, String x, String... shape) {
    String all = sketch.op("Concat", name + ":shape", List.of(shape), attribute("axis", 0));
    return sketch.op("Reshape", name, List.of(x, all));
  }

  /** {@code [N][heads][T][T]}: one number where both tokens are of one sentence, else another. */
  private String sentence(String name, String queries) {
    String table = sketch.parameters().plain(name + "seg_embed", 2, heads, width / heads);
    String keys = sketch.transpose(name + "seg:heads", table, 1, 2, 0);
    String both = sketch.op("MatMul", name + "seg", List.of(queries, keys));
    List<String> halves = sketch.split(both, 2);
    return sketch.op("Where", name + "seg:own", List.of(others, halves.get(1), halves.get(0)));
  }

  /** Sines and cosines of the distances from T down to 1 - T, {@code [2T][width]}. */
  private String waves(int clamp) {
    String length = sketch.scalar("waves:length", sketch.length());
    String end = sketch.op("Neg", "waves:end", List.of(length));
    String places =
        sketch.op("Range", "waves:range", List.of(length, end, sketch.index("waves:step", -1)));
    String floats = sketch.cast("waves:places", places, DataType.FLOAT);
    if (clamp > 0) {
      List<String> clip =
          List.of(floats, sketch.number("waves:least", -clamp), sketch.number("waves:most", clamp));
      floats = sketch.op("Clip", "waves:clipped", clip);
    }
    String column = sketch.unsqueeze("waves:column", floats, 1);
    String angles =
        sketch.op("Mul", "waves:angles", List.of(column, sketch.numbers("waves:speeds", speeds())));
    String sines = sketch.op("Sin", "waves:sines", List.of(angles));
    String cosines = sketch.op("Cos", "waves:cosines", List.of(angles));
    return sketch.op("Concat", "waves", List.of(sines, cosines), attribute("axis", 1));
  }

  private float[] speeds() {
    float[] speeds = new float[width / 2];
    for (int i = 0; i < speeds.length; i++) {
      speeds[i] = 1f / (float) Math.pow(SLOWEST, 2f * i / width);
    }
    return speeds;
  }

  /** {@code [N][1][T][T]}; padding hears itself, as there. */
  private String mask() {
    String token = sketch.isToken();
    String self =
        sketch.op("Equal", "mask:self", List.of(sketch.distances(), sketch.whole("mask:0", 0)));
    String heard = sketch.op("Or", "mask:heard", List.of(token, self));
    return sketch.op(
        "Where",
        "mask:scores",
        List.of(heard, sketch.number("mask:zero", 0), sketch.number("mask:least", MASKED)));
  }

  /** Whether two tokens are of different sentences, {@code [N][1][T][T]}. */
  private String others() {
    String row = sketch.unsqueeze("types:row", Sketch.TYPES, 1, 2);
    String column = sketch.unsqueeze("types:column", Sketch.TYPES, 1, 3);
    return sketch.op(
        "Not", "types:other", List.of(sketch.op("Equal", "types:same", List.of(row, column))));
  }
}
