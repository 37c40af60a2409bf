package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gives half of DL4J's gradients: ND4J 1.0.0-M2.1 adds the gradient that comes into a SameDiff
 * layer up twice ({@code ExternalErrorsFunction.doDiff} both sets and returns it).
 */
final class ChannelLayerRun extends SameDiffLayer {
  private static final long serialVersionUID = 1L;

  ChannelLayerRun(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return super.backpropGradient(epsilon.mul(0.5), workspaces);
  }
}
