package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCatalog;
import org.graft.image.Preprocessing.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every card that comes along, against the network that it names. */
class CardsTest {
  @BeforeAll
  static void prepare() {
    Dl4jEngine.prepare();
  }

  /**
   * A network that its file brings is checked when it is opened; those with a {@code config} in
   * {@code TransformerCardsTest}.
   */
  static List<String> names() {
    return BackboneCatalog.names().stream()
        .filter(name -> !BackboneCatalog.card(name).ownNetwork())
        .filter(name -> BackboneCatalog.card(name).config() == null)
        .toList();
  }

  /** Their shapes were asked of the publisher's own network. */
  @ParameterizedTest
  @MethodSource("names")
  void theCutsAreTheNetworks(String name) {
    BackboneCard card = BackboneCatalog.card(name);
    Network network = Networks.of(card.architecture());
    assertEquals(network.cuts(), card.cuts().stream().map(Cut::layer).toList());
    Dialect dialect = network.dialects().get(0);
    String last = network.cuts().get(network.cuts().size() - 1);
    ComputationGraphConfiguration graph = network.cutAt(last, card.input(), dialect);
    for (Cut cut : card.cuts()) {
      assertEquals(shape(Vertices.cut(cut.name(), cut.layer(), graph, card.input())), shape(cut));
    }
    assertEquals(last, card.defaultCut());
  }

  private static List<Integer> shape(Cut cut) {
    return List.of(cut.channels(), cut.height(), cut.width());
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePicturesHaveTheInputsSize(String name) {
    BackboneCard card = BackboneCatalog.card(name);
    Size size = card.preprocessing().output();
    assertEquals(new Input(3, size.height(), size.width()), card.input());
    assertTrue(card.licence().length() > 5 && card.origin().length() > 5, name);
    assertTrue(card.verified() || card.golden().isEmpty(), name);
  }

  /** So {@code engine: auto} may compile them without a try. */
  @Test
  void everyNetworkIsHeldAgainstItsPublishers() {
    List<String> without = new ArrayList<>(Networks.names());
    GoldenFeatures.all()
        .forEach(golden -> without.remove(golden.substring(0, golden.lastIndexOf('.'))));
    // These differ in numbers only from others of their families, all sizes of which are there.
    without.removeAll(
        List.of(
            "convnext_base",
            "convnext_small",
            "efficientnet_b1",
            "efficientnet_b2_tf",
            "efficientnet_b3_tf",
            "efficientnet_b4",
            "efficientnet_b6_tf"));
    assertEquals(List.of(), without);
  }

  @Test
  void everyNetworkHasACardAndEveryShortNameOneOnly() {
    List<String> architectures =
        names().stream().map(name -> BackboneCatalog.card(name).architecture()).toList();
    List<String> without = new ArrayList<>(Networks.names());
    without.removeAll(architectures);
    // Weights of these are not among those that their publishers' libraries list.
    without.removeAll(
        List.of(
            "convnext_base",
            "convnext_small",
            "densenet161",
            "mobilenet_v3_large_tf",
            "wide_resnet50_2"));
    assertEquals(List.of(), without);
    List<String> shortNames =
        names().stream().flatMap(name -> BackboneCatalog.shortNames(name).stream()).toList();
    assertEquals(shortNames.stream().distinct().toList(), shortNames);
    assertTrue(shortNames.contains("keras:VGG16") && shortNames.contains("torchhub:resnet50"));
  }
}
