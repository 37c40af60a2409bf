package org.graft.engine.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Layer normalisation over the channels at each place of a picture (Ba et al. 2016, arXiv
 * 1607.06450): {@code gamma (x - mean) / sqrt(variance + epsilon) + beta}, the variance being that
 * of the channels themselves, divided by their number.
 */
public final class ChannelNorm extends ChannelLayer {
  private static final long serialVersionUID = 1L;

  private double epsilon;

  /** For DL4J's JSON. */
  ChannelNorm() {}

  public ChannelNorm(double epsilon) {
    this.epsilon = epsilon;
  }

  public double getEpsilon() {
    return epsilon;
  }

  public void setEpsilon(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  public void defineParameters(SDLayerParams parameters) {
    define(parameters, "gamma", "beta");
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
    SDVariable centred = x.sub(x.mean(true, 1));
    SDVariable variance = centred.mul(centred).mean(true, 1);
    SDVariable normal = centred.div(graph.math().sqrt(variance.add(epsilon)));
    return normal.mul(spread(parameters.get("gamma"), x)).add(spread(parameters.get("beta"), x));
  }
}
