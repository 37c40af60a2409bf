package org.graft.engine.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * {@code gamma x + beta}, channel by channel: what batch norm is once its statistics are frozen.
 * DL4J's own layer would take the batch's statistics in training, or give no gradient.
 */
public final class ChannelAffine extends ChannelLayer {
  private static final long serialVersionUID = 1L;

  private boolean gammaFixed;

  /** For DL4J's JSON. */
  ChannelAffine() {}

  /**
   * @param gammaFixed whether only {@code beta} is trained
   */
  ChannelAffine(long channels, boolean gammaFixed) {
    setChannels(channels);
    this.gammaFixed = gammaFixed;
  }

  public boolean isGammaFixed() {
    return gammaFixed;
  }

  public void setGammaFixed(boolean gammaFixed) {
    this.gammaFixed = gammaFixed;
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return gammaFixed && name.equals("gamma") ? new Sgd(0) : super.getUpdaterByParam(name);
  }

  @Override
  SameDiffLayer run(NeuralNetConfiguration configuration, DataType type) {
    return new ChannelAffineRun(configuration, type);
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    define(parameters, "gamma", "beta");
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
    return x.mul(spread(parameters.get("gamma"), x)).add(spread(parameters.get("beta"), x));
  }
}
