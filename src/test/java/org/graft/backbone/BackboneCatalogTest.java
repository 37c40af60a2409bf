package org.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.common.Digest;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.image.Preprocessing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BackboneCatalogTest {
  static List<String> names() {
    return BackboneCatalog.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCardAgreesWithItself(String name) {
    BackboneCard card = BackboneCatalog.card(name);
    assertEquals(name, card.name());
    if (card.preprocessing() != null) {
      assertTrue(Dl4jBackboneLoader.architectures().contains(card.architecture()));
      Preprocessing.Size size = card.preprocessing().output();
      assertEquals(size, new Preprocessing.Size(card.input().height(), card.input().width()));
    }
    assertEquals(card.defaultCut(), card.cut(null).name());
    assertEquals(card.cuts().size(), card.cuts().stream().map(Cut::name).distinct().count());
    assertEquals(card.verified(), !card.golden().isEmpty());
  }

  @Test
  void theIndexListsEveryCard() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/org/graft/backbone/cards"))) {
      List<String> cards =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> !file.equals("index.json"))
              .map(file -> file.replace(".json", ""))
              .sorted()
              .toList();
      assertEquals(cards, BackboneCatalog.names());
    }
  }

  @Test
  void theCommittedWeightsAreTheCards() throws IOException {
    BackboneCard.Weights weights = BackboneCatalog.card("mobilenetv2.coco").weights();
    String source = weights.sources().get(0);
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream(source.replace("classpath:", ""))) {
      assertEquals(weights.sha256(), Digest.of(in));
    }
  }

  @Test
  void suggestsTheNearestName() {
    String message =
        assertThrows(UserError.class, () -> BackboneCatalog.card("resnet50.tv_in1")).getMessage();
    assertTrue(
        message.startsWith(
            "Cannot find backbone 'resnet50.tv_in1': there is no such card."
                + " Did you mean 'resnet50.tv_in1k'? `graft backbones list` shows all "),
        message);
  }
}
