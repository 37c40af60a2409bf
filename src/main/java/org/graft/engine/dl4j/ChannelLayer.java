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
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer with parameters for each channel, on pictures {@code [N][channels][height][width]} or
 * vectors {@code [N][channels]}. DL4J has none; it writes and reads these by their class's name.
 */
public abstract class ChannelLayer extends SameDiffLayer {
  private static final long serialVersionUID = 1L;

  private long channels;

  ChannelLayer() {}

  public final long getChannels() {
    return channels;
  }

  public final void setChannels(long channels) {
    this.channels = channels;
  }

  @Override
  public final void setNIn(InputType input, boolean override) {
    channels =
        input instanceof InputTypeConvolutional picture
            ? picture.getChannels()
            : input.arrayElementsPerExample();
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType input) {
    return input;
  }

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    var layer = run(configuration, type);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    return layer;
  }

  /** What computes the layer. */
  org.deeplearning4j.nn.layers.samediff.SameDiffLayer run(
      NeuralNetConfiguration configuration, DataType type) {
    return new ChannelLayerRun(configuration, type);
  }

  /** As biases: none is a matrix's, none decays. */
  final void define(SDLayerParams parameters, String... names) {
    for (String name : names) {
      parameters.addBiasParam(name, channels);
    }
  }

  @Override
  public final void initializeParameters(Map<String, INDArray> parameters) {
    parameters.forEach((name, values) -> values.assign(name.equals("gamma") ? 1 : 0));
  }

  /** In a shape that spreads over {@code input}. */
  final SDVariable spread(SDVariable parameter, SDVariable input) {
    return input.getShape().length == 4 ? parameter.reshape(1, channels, 1, 1) : parameter;
  }
}
