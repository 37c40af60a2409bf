package org.graft.engine.dl4j;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMActivations;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMDataFormat;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMDirectionMode;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.config.LSTMLayerConfig;
import org.nd4j.linalg.api.ops.impl.layers.recurrent.weights.LSTMLayerWeights;

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997) over the width of maps {@code
 * [N][channels][1][width]}, from a state of zeros: {@code [N][units][1][width]}. Its parameters lie
 * as in TensorFlow's LSTMBlockFusedCell: {@code W} is {@code [channels + units][4 units]}, {@code
 * b} {@code [4 units]}, their columns those of the input gate, the cell, the forget gate and the
 * output gate; nothing is added to the forget gate, and there are no peepholes.
 */
public final class SequenceLstm extends SameDiffLayer {
  private static final long serialVersionUID = 1L;

  private long channels;
  private long units;

  /** For DL4J's JSON. */
  SequenceLstm() {}

  public SequenceLstm(long units) {
    this.units = units;
  }

  public long getChannels() {
    return channels;
  }

  public void setChannels(long channels) {
    this.channels = channels;
  }

  public long getUnits() {
    return units;
  }

  public void setUnits(long units) {
    this.units = units;
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    channels = ((InputTypeConvolutional) input).getChannels();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType input) {
    return InputType.convolutional(1, ((InputTypeConvolutional) input).getWidth(), units);
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    parameters.addWeightParam("W", channels + units, 4 * units);
    parameters.addBiasParam("b", 4 * units);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> parameters) {
    parameters.values().forEach(values -> values.assign(0)); // every value comes from a file
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    var layer = new ChannelLayerRun(configuration, type);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    return layer;
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
    SDVariable weights = reordered(graph, parameters.get("W"), 1);
    SDVariable ofInput = weights.get(SDIndex.interval(0L, channels), SDIndex.all());
    SDVariable ofState = weights.get(SDIndex.interval(channels, channels + units), SDIndex.all());
    SDVariable bias = reordered(graph, parameters.get("b"), 0);
    LSTMLayerWeights all =
        LSTMLayerWeights.builder().weights(ofInput).rWeights(ofState).bias(bias).build();
    SDVariable sequence = graph.squeeze(x, 2);
    return graph.expandDims(graph.rnn().lstmLayer(sequence, all, config())[0], 2);
  }

  /** ND4J wants the forget gate before the cell. */
  private SDVariable reordered(SameDiff graph, SDVariable all, int axis) {
    SDVariable[] gates = new SDVariable[4];
    for (int i = 0; i < gates.length; i++) {
      SDIndex own = SDIndex.interval(i * units, (i + 1) * units);
      gates[i] = axis == 0 ? all.get(own) : all.get(SDIndex.all(), own);
    }
    return graph.concat(axis, gates[0], gates[2], gates[1], gates[3]);
  }

  private static LSTMLayerConfig config() {
    return LSTMLayerConfig.builder()
        .lstmdataformat(LSTMDataFormat.NST)
        .directionMode(LSTMDirectionMode.FWD)
        .gateAct(LSTMActivations.SIGMOID)
        .cellAct(LSTMActivations.TANH)
        .outAct(LSTMActivations.TANH)
        .retFullSequence(true)
        .build();
  }
}
