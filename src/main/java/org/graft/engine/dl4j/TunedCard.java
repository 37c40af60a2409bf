package org.graft.engine.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.GoldenInput;
import org.graft.head.FineTuning;
import org.graft.weights.Sha256;

/**
 * The card of fine-tuned weights. No reference implementation knows them, so its golden vector is
 * what DL4J, which trained them, gives: whatever runs them later, by whichever engine, must give
 * the same.
 */
public final class TunedCard {
  private static final long SEED = 1;
  private static final double TOLERANCE = 1e-4;

  private TunedCard() {}

  public static String fileName(BackboneCard card) {
    return name(card) + ".safetensors";
  }

  private static String name(BackboneCard card) {
    return card.name() + "-tuned";
  }

  /**
   * @param spec of the network that was tuned
   * @param weights the tuned ones
   */
  public static BackboneCard of(BackboneSpec spec, FineTuning tuning, Path weights)
      throws IOException {
    BackboneCard card = without(spec, tuning, weights, List.of());
    Cut cut = card.cut(spec.cut());
    BackboneSpec own =
        new BackboneSpec(card, cut.name(), cut.pooling(), 1, weights, spec.precision());
    try (Backbone backbone = new Dl4jBackboneLoader().load(own)) {
      float[] input = GoldenInput.of(SEED, card.input().length());
      List<Float> features = new ArrayList<>();
      for (float value : backbone.features(new float[][] {input})[0]) {
        features.add(value);
      }
      return without(
          spec, tuning, weights, List.of(new Golden(SEED, cut.name(), features, TOLERANCE)));
    }
  }

  private static BackboneCard without(
      BackboneSpec spec, FineTuning tuning, Path weights, List<Golden> golden) throws IOException {
    BackboneCard card = spec.card();
    return new BackboneCard(
        name(card),
        card.architecture(),
        card.input(),
        card.preprocessing(),
        cuts(spec),
        card.cut(spec.cut()).name(),
        new Weights(fileName(card), List.of(), Sha256.of(weights), null, Files.size(weights)),
        card.licence(),
        "fine-tuned from %s above %s; %s".formatted(card.name(), tuning.from(), card.origin()),
        true,
        golden);
  }

  /** The file holds the layers up to the cut only. */
  private static List<Cut> cuts(BackboneSpec spec) {
    BackboneCard card = spec.card();
    Network network = Networks.of(card.architecture());
    Set<String> there =
        Set.copyOf(network.draw(network.dialects().get(0)).upTo(card.cut(spec.cut()).layer()));
    return card.cuts().stream().filter(cut -> there.contains(cut.layer())).toList();
  }
}
