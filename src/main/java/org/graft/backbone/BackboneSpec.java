package org.graft.backbone;

import java.nio.file.Path;
import org.graft.common.Checks;
import org.graft.common.UserError;

/**
 * What to load.
 *
 * @param cut name of one of the card's cuts (or, for a DL4J zip, a vertex of its graph)
 * @param pooling what becomes of a cut with a height and a width
 * @param batch fixed batch size; the last batch is padded
 * @param weights a local file in one of the formats that Graft reads
 * @param precision the numbers to compute in
 */
public record BackboneSpec(
    BackboneCard card, String cut, Pooling pooling, int batch, Path weights, Precision precision) {

  /**
   * Spatial cuts {@code [channels][height][width]} and sequences {@code [channels][tokens][1]}
   * become vectors; flat cuts stay as they are.
   */
  public enum Pooling {
    /** The mean over height and width: one number a channel. */
    AVG,
    /** The maximum over height and width: one number a channel. */
    MAX,
    /** All of it, flattened channel by channel: channels x height x width numbers. */
    NONE,
    /**
     * What is at the first place, one number a channel: a vision transformer's class token. (Of a
     * picture the upper left corner, which says little.)
     */
    FIRST,
    /** What is at a text's last token: a decoder's, which has seen all of it. Texts only. */
    LAST
  }

  public BackboneSpec {
    Checks.argument(batch > 0, "batch must be positive: %d", batch);
    if (pooling == Pooling.LAST && card.text() == null) {
      throw new UserError(
          "Cannot pool %s by last: that is for texts. Set backbone.pooling to avg, max, none or first."
              .formatted(card.name()));
    }
  }

  /** The same in other numbers. */
  public BackboneSpec withPrecision(Precision other) {
    return new BackboneSpec(card, cut, pooling, batch, weights, other);
  }
}
