package org.graft.engine.onnx;

import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** A vertex of somebody's own, which may compute anything. */
final class Doubled extends ScaleVertex {
  private static final long serialVersionUID = 1L;

  Doubled() {
    super(2);
  }

  /** An activation of somebody's own. */
  static final class Activation extends ActivationReLU {
    private static final long serialVersionUID = 1L;
  }
}
