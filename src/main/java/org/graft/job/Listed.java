package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.graft.Backbones;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;

/**
 * A card as {@code graft backbones list} shows it.
 *
 * @param engines that can run it, the one that {@code auto} takes first
 * @param shortNames what hubs call it
 * @param cached whether its weights are on this machine
 * @param cuts with the width of the feature under each cut's own pooling
 */
record Listed(
    String name,
    String architecture,
    List<String> engines,
    BackboneCard.Input input,
    BackboneCard.Weights weights,
    boolean cached,
    String licence,
    String origin,
    boolean verified,
    String defaultCut,
    List<Cut> cuts,
    List<String> shortNames) {
  private static final String FORMAT = "%-30s %-22s %-9s %-22s %-8s %s";
  static final String HEADER =
      FORMAT.formatted("CARD", "NETWORK", "INPUT", "DEFAULT CUT", "VERIFIED", "LICENCE");

  record Cut(String name, int channels, int height, int width, int featureWidth) {}

  static List<Listed> all(Backbones backbones) throws IOException {
    List<Listed> all = new ArrayList<>();
    for (String name : BackboneCatalog.names()) {
      BackboneCard card = BackboneCatalog.card(name);
      all.add(
          new Listed(
              name,
              card.architecture(),
              card.preprocessing() == null ? List.of("onnx") : List.of("onnx", "dl4j"),
              card.input(),
              card.weights(),
              backbones.isCached(card),
              card.licence(),
              card.origin(),
              card.verified(),
              card.defaultCut(),
              card.cuts().stream().map(Listed::cut).toList(),
              BackboneCatalog.shortNames(name)));
    }
    return all;
  }

  private static Cut cut(BackboneCard.Cut cut) {
    return new Cut(
        cut.name(), cut.channels(), cut.height(), cut.width(), cut.featureWidth(cut.pooling()));
  }

  private int width() {
    return cuts.stream()
        .filter(cut -> cut.name().equals(defaultCut))
        .mapToInt(Cut::featureWidth)
        .findFirst()
        .orElseThrow();
  }

  String line() {
    return FORMAT.formatted(
        name,
        architecture,
        input.channels() == 1 && input.height() == 1
            ? input.width() + " tokens"
            : input.height() + "x" + input.width(),
        defaultCut + " (" + width() + ")",
        verified ? "yes" : "no",
        licence.replaceFirst(" *[(;].*", ""));
  }
}
