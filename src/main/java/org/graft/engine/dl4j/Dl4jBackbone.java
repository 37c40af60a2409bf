package org.graft.engine.dl4j;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.common.Checks;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A frozen graph. The parameters are in memory once; as many graphs share them as callers came at
 * the same time, at most one a processor.
 */
final class Dl4jBackbone implements Backbone {
  /**
   * The most samples that go through a graph together. OpenBLAS multiplies the rows beyond the
   * eighth by other code, on AVX2 processors in another order, and a row's bits would depend on its
   * place. Convolutions gain nothing from larger batches on a CPU.
   */
  private static final int TOGETHER = 8;

  private final ComputationGraphConfiguration network;
  private final INDArray parameters;
  private final Input input;
  private final int batch;
  private final SpatialPooling pooling;
  private final boolean stock;
  private final int lanes = Runtime.getRuntime().availableProcessors();
  private final Semaphore free = new Semaphore(lanes);
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();
  private final int width;
  private volatile boolean closed;

  /**
   * Runs the network once, on zeros, to learn the shape of its output.
   *
   * @param network ends at the cut
   * @param parameters of the network, flat as DL4J has them; this object closes them
   * @param stock without oneDNN's convolutions
   */
  Dl4jBackbone(
      ComputationGraphConfiguration network,
      INDArray parameters,
      Input input,
      Pooling pooling,
      int batch,
      boolean stock) {
    this.network = network;
    this.parameters = parameters;
    this.input = input;
    this.batch = batch;
    this.stock = stock;
    this.pooling = new SpatialPooling(pooling);
    try {
      this.width = this.pooling.width(run(new float[1][input.length()]).shape());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int inputLength() {
    return input.length();
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public float[][] features(float[][] inputs) {
    return features(inputs, pooling);
  }

  /** The same with another pooling than the backbone's own. */
  float[][] features(float[][] inputs, SpatialPooling otherPooling) {
    Checks.argument(
        inputs.length > 0 && inputs.length <= batch,
        "1 to %d inputs wanted, got %d",
        batch,
        inputs.length);
    for (float[] one : inputs) {
      Checks.argument(
          one.length == input.length(), "input of %d, wanted %d", one.length, input.length());
    }
    float[][] features = new float[inputs.length][];
    for (int from = 0; from < inputs.length; from += TOGETHER) {
      int to = Math.min(from + TOGETHER, inputs.length);
      float[][] some = otherPooling.apply(run(Arrays.copyOfRange(inputs, from, to)));
      System.arraycopy(some, 0, features, from, some.length);
    }
    return features;
  }

  private Lane.Output run(float[][] inputs) {
    free.acquireUninterruptibly();
    try {
      Checks.state(!closed, "the backbone is closed");
      Lane lane = idle.pollFirst(); // the one used last, whose memory is warm
      if (lane == null) {
        lane = stock ? Dl4jEngine.withoutOneDnn(this::lane) : lane();
      }
      try {
        return lane.forward(inputs);
      } finally {
        idle.addFirst(lane);
      }
    } finally {
      free.release();
    }
  }

  private Lane lane() {
    return new Lane(network, parameters, input, Math.min(batch, TOGETHER));
  }

  /** Waits for the callers that are still inside. */
  @Override
  public void close() {
    free.acquireUninterruptibly(lanes);
    if (!closed) {
      idle.forEach(Lane::close);
      parameters.close();
      closed = true;
    }
    free.release(lanes);
  }
}
