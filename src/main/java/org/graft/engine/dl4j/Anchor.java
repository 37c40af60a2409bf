package org.graft.engine.dl4j;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

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

  void write(DataOutputStream out) throws IOException {
    HeadState.write(out, parameters);
    HeadState.write(out, gradient);
  }

  static Anchor read(DataInputStream in) throws IOException {
    return new Anchor(HeadState.floats(in), HeadState.floats(in));
  }
}
