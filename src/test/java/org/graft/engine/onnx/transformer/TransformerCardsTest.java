package org.graft.engine.onnx.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every card of a network that is drawn from its configuration, against that network. */
class TransformerCardsTest {
  private static List<BackboneCard> cards() {
    return BackboneCatalog.names().stream()
        .map(BackboneCatalog::card)
        .filter(card -> card.config() != null)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cards")
  void theCutsAreTheNetworks(BackboneCard card) {
    TransformerNetwork network = TransformerNetwork.of(card.name(), card.config());
    for (Cut cut : card.cuts()) {
      assertEquals("layer" + network.state(cut.layer()), cut.name());
      assertEquals(network.width(), cut.featureWidth(cut.pooling()));
    }
    assertEquals(network.layers(), card.cuts().size());
    assertEquals(network.layers(), network.state(card.cut(null).layer()));
    network.checkLength(card.text().maxTokens());
    assertTrue(card.licence().length() >= 3 && card.origin().length() > 5, card.name());
    assertTrue(card.verified() || card.golden().isEmpty(), card.name());
  }

  @Test
  void everyFamilyHasACard() {
    Set<String> types = new TreeSet<>();
    cards().forEach(card -> types.add((String) card.config().get("model_type")));
    assertEquals(Set.of("bert", "distilbert", "gpt2", "roberta", "t5", "xlnet"), types);
  }
}
