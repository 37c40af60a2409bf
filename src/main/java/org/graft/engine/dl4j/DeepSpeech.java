package org.graft.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * The acoustic network of Mozilla's DeepSpeech 0.6 to 0.9 (after Hannun et al. 2014, arXiv
 * 1412.5567; github.com/mozilla/DeepSpeech, training/deepspeech_training/train.py): three dense
 * layers on every frame and its context, an LSTM over the frames, another dense layer, all
 * rectified and cut off at 20. The characters' layer is left out. Frames lie along the width of
 * maps of height 1, so that dense layers are convolutions of one place. Vertices are {@code
 * layer_1} to {@code layer_3}, {@code lstm}, {@code layer_5}. The LSTM begins each window anew.
 */
final class DeepSpeech implements Network {
  private static final int PUBLISHED_WIDTH = 2048;
  private static final double CLIP = 20;
  private static final String LSTM = "lstm";
  private static final String LSTM_SCOPE =
      "cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell";

  private final int width;

  DeepSpeech(int width) {
    this.width = width;
  }

  static Map<String, Network> networks() {
    return Map.of("deepspeech", new DeepSpeech(PUBLISHED_WIDTH));
  }

  @Override
  public List<Dialect> dialects() {
    return List.of(Dialect.SLIM);
  }

  @Override
  public List<String> cuts() {
    return List.of("layer_1", "layer_2", "layer_3", LSTM, "layer_5");
  }

  @Override
  public String prefix(Dialect dialect, String vertex) {
    return vertex.equals(LSTM) ? LSTM_SCOPE : vertex;
  }

  @Override
  public String tensor(Dialect dialect, String vertex, String kind) {
    String weights = vertex.equals(LSTM) ? "kernel" : "weights";
    return prefix(dialect, vertex) + "/" + (kind.equals("W") ? weights : "bias");
  }

  /** Dense layers have no height and width. */
  @Override
  public long[] shape(Dialect dialect, String vertex, String kind, long... usual) {
    return usual.length == 4 ? new long[] {usual[2], usual[3]} : usual;
  }

  @Override
  public Sketch draw(Dialect dialect) {
    Sketch net = new Sketch();
    String x = net.layer("layer_1", dense(), Sketch.INPUT);
    x = net.layer("layer_2", dense(), x);
    x = net.layer("layer_3", dense(), x);
    x = net.layer(LSTM, new SequenceLstm(width), x);
    net.layer("layer_5", dense(), x);
    return net;
  }

  private ConvolutionLayer dense() {
    return new ConvolutionLayer.Builder(1, 1)
        .nOut(width)
        .activation(new ActivationReLU(CLIP, 0.0, 0.0))
        .build();
  }
}
