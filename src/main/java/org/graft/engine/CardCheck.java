package org.graft.engine;

import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneSpec;
import org.graft.common.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A card against the network that was loaded by it: the same in every engine. */
public final class CardCheck {
  private static final Logger log = LoggerFactory.getLogger(CardCheck.class);

  private CardCheck() {}

  /** Says in the log that nobody has seen these weights give the right features. */
  public static void warnUnlessVerified(BackboneCard card) {
    if (!card.verified()) {
      log.warn(
          "{}: nobody could load these weights when the card was written; check the first features"
              + " against another implementation",
          card.name());
    }
  }

  /**
   * @param width of the features that the network gives
   * @throws UserError if the card's cut has another
   */
  public static void width(int width, Cut cut, BackboneSpec spec) {
    int wanted = cut.featureWidth(spec.pooling());
    if (width != wanted) {
      throw new UserError(
          "Cannot use card %s: cut '%s' gives %d features (the card says %d). Correct the card."
              .formatted(spec.card().name(), cut.name(), width, wanted));
    }
  }

  /** What to tell the user of a network that cannot take the card's inputs. */
  public static UserError input(BackboneSpec spec, RuntimeException cause) {
    Input input = spec.card().input();
    return new UserError(
        "Cannot run the network of %s on inputs of %d x %d x %d (channels, height, width): %s. Take a card whose input fits the network."
            .formatted(
                spec.weights(),
                input.channels(),
                input.height(),
                input.width(),
                cause.getMessage()),
        cause);
  }
}
