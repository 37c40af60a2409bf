package org.graft.job;

import org.graft.spark.BackboneChoice;
import org.graft.spark.Features;

/**
 * What heads are trained on: the features at one cut.
 *
 * @param fp32 the network before its numbers were made smaller
 * @param backbone that the features are of
 */
record CutFeatures(BackboneChoice fp32, BackboneChoice backbone, Features features) {
  String cut() {
    return backbone.spec().cut();
  }
}
