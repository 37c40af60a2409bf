package org.graft.engine.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** A factor for each channel: LayerScale (Touvron et al. 2021, arXiv 2103.17239). */
public final class ChannelScale extends ChannelLayer {
  private static final long serialVersionUID = 1L;

  public ChannelScale() {}

  @Override
  public void defineParameters(SDLayerParams parameters) {
    define(parameters, "gamma");
  }

  @Override
  public SDVariable defineLayer(
      SameDiff graph, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
    return x.mul(spread(parameters.get("gamma"), x));
  }
}
