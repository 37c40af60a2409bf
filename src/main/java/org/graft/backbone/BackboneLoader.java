package org.graft.backbone;

import java.io.IOException;
import java.io.Serializable;

/** An engine: turns a card and a weight file into a running network, on any executor. */
public interface BackboneLoader extends Serializable {
  /**
   * Builds the network, reads the weights and checks the card's golden vectors.
   *
   * @throws org.graft.common.UserError if weights are missing, misshapen or give other features
   *     than the card says
   */
  Backbone load(BackboneSpec spec) throws IOException;

  /** Name and version of what computes, for the fingerprint: equal records, equal features. */
  String engine();
}
