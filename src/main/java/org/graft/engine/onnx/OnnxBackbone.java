package org.graft.engine.onnx;

import java.util.Arrays;
import org.graft.backbone.Backbone;
import org.graft.common.Checks;

/** A compiled network. Callers compute side by side, each on its own thread. */
final class OnnxBackbone implements Backbone {
  /**
   * The most samples that go through the network together: more of them only push each other's
   * activations out of the cache.
   */
  static final int TOGETHER = 8;

  private final OnnxSession session;
  private final int batch;
  private final int width;

  /**
   * Runs the network once, on zeros: what cannot run says so now.
   *
   * @param model gives {@link OnnxNetwork#FEATURES}, {@code [N][width]}
   * @throws IllegalStateException if ONNX Runtime refuses the model
   */
  OnnxBackbone(OnnxModel model, int batch, Execution execution) {
    this(model, batch, execution.together(batch), execution);
  }

  /**
   * @param together samples that go through the network at once
   */
  OnnxBackbone(OnnxModel model, int batch, int together, Execution execution) {
    this.session = new OnnxSession(model, together, execution);
    this.batch = batch;
    try {
      this.width = features(new float[1][session.inputLength()])[0].length;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int inputLength() {
    return session.inputLength();
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public float[][] features(float[][] inputs) {
    Checks.argument(
        inputs.length > 0 && inputs.length <= batch,
        "1 to %d inputs wanted, got %d",
        batch,
        inputs.length);
    float[][] features = new float[inputs.length][];
    for (int from = 0; from < inputs.length; from += session.batch()) {
      int to = Math.min(from + session.batch(), inputs.length);
      float[][] some = session.run(Arrays.copyOfRange(inputs, from, to)).get(OnnxNetwork.FEATURES);
      System.arraycopy(some, 0, features, from, some.length);
    }
    return features;
  }

  @Override
  public void close() {
    session.close();
  }
}
