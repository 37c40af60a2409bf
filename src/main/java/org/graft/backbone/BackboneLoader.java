package org.graft.backbone;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.graft.common.UserError;

/** An engine: turns a card and a weight file into a running network, on any executor. */
public interface BackboneLoader extends Serializable {
  /**
   * Builds the network, reads the weights and checks the card's golden vectors.
   *
   * @throws org.graft.common.UserError if weights are missing, misshapen or give other features
   *     than the card says
   */
  Backbone load(BackboneSpec spec) throws IOException;

  /**
   * The same on that device.
   *
   * @throws org.graft.common.UserError if this engine cannot use it, too
   */
  default Backbone load(BackboneSpec spec, Device device) throws IOException {
    if (device.isCuda()) {
      throw new UserError(
          "Cannot load %s on %s: '%s' runs on the processor only. Set backbone.device: cpu."
              .formatted(spec.card().name(), device, engine()));
    }
    return load(spec);
  }

  /** Name and version of what computes, for the fingerprint: equal records, equal features. */
  String engine();

  /** Whether it computes on cards: then it has to be told which, and refuses the processor. */
  default boolean onCards() {
    return false;
  }

  /**
   * The same engine on cards.
   *
   * @param memory most bytes of a card that one network takes; 0: no limit
   */
  default BackboneLoader forCards(long memory) {
    throw new UserError(
        "Cannot run networks on a card: '%s' runs on the processor only. Set backbone.device: cpu."
            .formatted(engine()));
  }

  /**
   * What is against computing on cards, with what to do about it, as far as this process can know;
   * empty: nothing.
   *
   * @param gpus those to compute on; null where they are at executors
   */
  default Optional<String> cardProblem(Gpus gpus) {
    return Optional.empty();
  }
}
