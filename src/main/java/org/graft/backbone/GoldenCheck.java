package org.graft.backbone;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.common.UserError;

/** A backbone proves itself against its card's golden vectors when it is first loaded. */
public final class GoldenCheck {
  private static final int SHOWN = 4;

  private GoldenCheck() {}

  /**
   * Checks every golden vector of {@code cut}.
   *
   * @param features the engine: one input to its features under the cut's default pooling
   * @throws UserError naming card, cut, expected and got
   */
  public static void of(BackboneCard card, Cut cut, UnaryOperator<float[]> features) {
    for (Golden golden : card.golden()) {
      if (golden.cut().equals(cut.name())) {
        compare(card, golden, features.apply(GoldenInput.of(golden, card.input().length())));
      }
    }
  }

  private static void compare(BackboneCard card, Golden golden, float[] got) {
    double difference = difference(golden, got);
    if (!(difference <= golden.tolerance())) { // also where it is not a number
      List<Float> first = new ArrayList<>();
      for (int i = 0; i < Math.min(SHOWN, got.length); i++) {
        first.add(got[i]);
      }
      throw new UserError(
          "Cannot trust backbone %s: at cut '%s' its features differ from its card's golden vector (largest relative difference %.3g, tolerance %.3g; expected %s..., got %s...). Check that the weight file belongs to this card."
              .formatted(
                  card.name(),
                  golden.cut(),
                  difference,
                  golden.tolerance(),
                  golden.features().subList(0, Math.min(SHOWN, golden.features().size())),
                  first));
    }
  }

  /** How far {@code got} is from what the card says, relative to the largest feature. */
  public static double difference(Golden golden, float[] got) {
    return relativeDifference(floats(golden.features()), got);
  }

  private static float[] floats(List<Float> list) {
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = list.get(i);
    }
    return floats;
  }

  /** {@code max|a-b| / max|a|}; infinite where the lengths differ. */
  public static double relativeDifference(float[] expected, float[] got) {
    if (expected.length != got.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - got[i]));
    }
    return difference / largest;
  }
}
