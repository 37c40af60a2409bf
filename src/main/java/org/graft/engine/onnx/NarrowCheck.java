package org.graft.engine.onnx;

import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.GoldenInput;
import org.graft.common.Cosine;
import org.graft.common.UserError;

/** Whether a network in numbers of fewer bits still is the same network. */
final class NarrowCheck {
  /** Between the features of one input. Published networks are above 0.9999. */
  private static final double LEAST_COSINE = 0.999;

  private NarrowCheck() {}

  /**
   * @throws UserError if its features point elsewhere, or are no numbers
   */
  static void of(BackboneSpec spec, Backbone exact, Backbone narrow) {
    float[][] input = {
      spec.card().text() == null ? GoldenInput.of(1, exact.inputLength()) : TextProbe.alike(1)[0]
    };
    double cosine = Cosine.of(exact.features(input)[0], narrow.features(input)[0]);
    if (!(cosine >= LEAST_COSINE)) { // NaN, too
      throw new UserError(
          "Cannot run %s in %s: its features are not those of fp32 (cosine %.6f, wanted %s). Set precision: fp32."
              .formatted(spec.card().name(), spec.precision().name(), cosine, LEAST_COSINE));
    }
  }
}
