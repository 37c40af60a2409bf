package org.graft.engine.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.graft.common.Checks;
import org.graft.common.SeededHash;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Inverted dropout of a layer's inputs: units are dropped by hash of (row's draw, layer, unit),
 * where DL4J's own would ask a generator whose state depends on what the process did before.
 * Whoever fits a batch must first say the rows' draws, by {@link #draw}.
 */
public final class HeadDropout implements IDropout {
  private static final long serialVersionUID = 1L;

  private final double rate;
  private final int layer;
  private transient long[] draws;
  private transient float[] mask;

  /**
   * @param rate share of the units that are dropped, 0 to below 1
   * @param layer sets layers of a head apart
   */
  public HeadDropout(@JsonProperty("rate") double rate, @JsonProperty("layer") int layer) {
    Checks.argument(rate >= 0 && rate < 1, "dropout must be 0 to below 1: %s", rate);
    this.rate = rate;
    this.layer = layer;
  }

  /**
   * Before a batch is fitted.
   *
   * @param draws one a row of the batch
   */
  static void draw(ComputationGraph graph, long[] draws) {
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer().getIDropout() instanceof HeadDropout dropout) {
        dropout.draw(draws);
      }
    }
  }

  void draw(long[] rows) {
    draws = rows;
  }

  @JsonProperty("rate")
  public double rate() {
    return rate;
  }

  @JsonProperty("layer")
  public int layer() {
    return layer;
  }

  @Override
  public INDArray applyDropout(
      INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
    int rows = Math.toIntExact(input.size(0));
    int units = Math.toIntExact(input.size(1));
    Checks.argument(
        draws != null && draws.length == rows, "a batch of %d rows without draws", rows);
    mask = mask(rows, units);
    return times(input, result);
  }

  @Override
  public INDArray backprop(INDArray above, INDArray below, int iteration, int epoch) {
    return times(above, below);
  }

  private float[] mask(int rows, int units) {
    float kept = (float) (1 / (1 - rate));
    float[] factors = new float[Math.multiplyExact(rows, units)];
    for (int i = 0, at = 0; i < rows; i++) {
      long row = SeededHash.hash(draws[i], layer);
      for (int j = 0; j < units; j++, at++) {
        factors[at] = SeededHash.unit(SeededHash.hash(row, j)) < rate ? 0 : kept;
      }
    }
    return factors;
  }

  private INDArray times(INDArray values, INDArray result) {
    return values.muli(Nd4j.create(mask, values.shape(), 'c'), result);
  }

  @Override
  public void clear() {
    mask = null;
  }

  @Override
  @JsonIgnore
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public HeadDropout clone() {
    return new HeadDropout(rate, layer);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeadDropout that && rate == that.rate && layer == that.layer;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(rate) * 31 + layer;
  }
}
