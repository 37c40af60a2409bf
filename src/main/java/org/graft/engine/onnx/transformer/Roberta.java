package org.graft.engine.onnx.transformer;

import java.util.List;
import onnx.Onnx.TensorProto.DataType;

/**
 * RoBERTa (Liu et al., arXiv 1907.11692) and its kin of other languages, XLM-R and CamemBERT: BERT
 * that counts places from behind the padding's number, and only of what is no padding. As
 * transformers' {@code RobertaModel}.
 *
 * @param pad the padding's number
 */
record Roberta(Bert bert, int pad) implements Family {
  static Roberta of(ModelConfig config) {
    int pad = config.number("pad_token_id", 1);
    Bert bert = Bert.of(config);
    config.check(
        pad >= 0 && pad < bert.longest() - 1,
        "pad_token_id is %d (wanted: 0 to max_position_embeddings - 2)",
        pad);
    return new Roberta(bert, pad);
  }

  @Override
  public int layers() {
    return bert.layers();
  }

  @Override
  public int width() {
    return bert.width();
  }

  @Override
  public int vocabulary() {
    return bert.vocabulary();
  }

  @Override
  public int longest() {
    return bert.longest() - pad - 1;
  }

  @Override
  public List<String> inputs() {
    return List.of(Sketch.IDS, Sketch.MASK);
  }

  @Override
  public String anchor() {
    return bert.anchor();
  }

  @Override
  public List<String> draw(Sketch sketch, int last) {
    String places = sketch.embedding(Bert.positionTable(), bert.longest(), width(), places(sketch));
    String types = sketch.parameters().plain(Bert.typeTable(), bert.types(), width());
    String first = sketch.op("Gather", "types:first", List.of(types, sketch.whole("types:0", 0)));
    return bert.draw(sketch, first, places, last);
  }

  private String places(Sketch sketch) {
    String padding = sketch.whole("places:padding", pad);
    String is = sketch.op("Equal", "places:is", List.of(Sketch.IDS, padding));
    String token =
        sketch.cast("places:token", sketch.op("Not", "places:not", List.of(is)), DataType.INT64);
    String count =
        sketch.op("CumSum", "places:count", List.of(token, sketch.index("places:axis", 1)));
    return sketch.add("places", sketch.op("Mul", "places:own", List.of(count, token)), padding);
  }
}
