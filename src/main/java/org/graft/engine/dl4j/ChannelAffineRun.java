package org.graft.engine.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link ChannelAffine} without SameDiff, which differentiates the layer anew for each graph, and
 * says so on standard output.
 */
final class ChannelAffineRun extends SameDiffLayer {
  private static final long serialVersionUID = 1L;

  ChannelAffineRun(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    INDArray out = like(ArrayType.ACTIVATIONS, workspaces);
    Nd4j.getExecutioner().exec(new BroadcastMulOp(input, row("gamma"), out, 1));
    return Nd4j.getExecutioner().exec(new BroadcastAddOp(out, row("beta"), out, 1));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    Gradient gradient = new DefaultGradient();
    set(gradient, "gamma", epsilon.mul(input));
    set(gradient, "beta", epsilon);
    INDArray below = like(ArrayType.ACTIVATION_GRAD, workspaces);
    Nd4j.getExecutioner().exec(new BroadcastMulOp(epsilon, row("gamma"), below, 1));
    return new Pair<>(gradient, below);
  }

  private INDArray row(String name) {
    INDArray values = getParam(name);
    return values.reshape(values.length());
  }

  private INDArray like(ArrayType kind, LayerWorkspaceMgr workspaces) {
    return workspaces.createUninitialized(kind, input.dataType(), input.shape(), 'c');
  }

  /** Summed over all but the channels. */
  private void set(Gradient gradient, String name, INDArray each) {
    INDArray sum = each.rank() == 4 ? each.sum(0, 2, 3) : each.sum(0);
    INDArray view = gradTable.get(name);
    view.assign(sum.reshape(view.shape()));
    gradient.setGradientFor(name, view);
  }
}
