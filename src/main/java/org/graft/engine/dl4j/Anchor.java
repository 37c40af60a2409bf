package org.graft.engine.dl4j;

import java.nio.ByteBuffer;

/**
 * A place, and the gradient of all workers' samples there: see {@link DriftCorrection}.
 *
 * @param parameters flat; empty where there is no such place
 * @param gradient mean over the examples, without penalties
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Anchor(float[] parameters, float[] gradient) {
  static final Anchor NONE = new Anchor(new float[0], new float[0]);

  /**
   * Of a round: its steps' gradients are those half way, but for the curvature's change on the way.
   */
  static Anchor between(HeadState from, HeadState to, float[] gradient) {
    float[] middle = new float[from.parameters().length];
    for (int i = 0; i < middle.length; i++) {
      middle[i] = (float) (((double) from.parameters()[i] + to.parameters()[i]) / 2);
    }
    return new Anchor(middle, gradient);
  }

  boolean isNone() {
    return parameters.length == 0;
  }

  /** That it takes. */
  int bytes() {
    return Floats.bytes(parameters) + Floats.bytes(gradient);
  }

  void put(ByteBuffer out) {
    Floats.put(out, parameters);
    Floats.put(out, gradient);
  }

  static Anchor get(ByteBuffer in) {
    return new Anchor(Floats.get(in), Floats.get(in));
  }
}
