package org.graft.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.graft.BackboneOptions;
import org.graft.Backbones;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.NearestMatch;
import org.graft.common.Storage;
import org.graft.common.UserError;
import org.graft.rank.Ranking.Missing;
import org.graft.spark.Progress;
import org.graft.weights.Downloads;

/**
 * What is ranked: networks with real weights, each at one cut or at several.
 *
 * @param missing what is not, and why
 */
record RankCandidates(List<Candidate> all, List<Missing> missing) {
  private static final String CUT = "@";
  private static final String ALL_CUTS = "*";

  /** A network at a cut. */
  record Candidate(String name, BackboneOptions options) {}

  /**
   * Those that are named; or the config's own at the cuts of its upper half, and all others of its
   * kind whose weights are here. Nothing is fetched but for who is named.
   *
   * @param names {@code NAME}, {@code NAME@CUT} or {@code NAME@*}
   */
  static RankCandidates of(Storage storage, JobConfig config, List<String> names, Progress progress)
      throws IOException {
    Downloads downloads = config.weights().downloads();
    RankCandidates found = new RankCandidates(new ArrayList<>(), new ArrayList<>());
    BackboneCard own = Backbones.card(storage, config.backbone().card());
    for (String name : names) {
      found.named(storage, config, own, name, downloads);
    }
    if (names.isEmpty()) {
      found.own(config.backbone(), own, downloads);
      found.others(new Backbones(storage, downloads, progress), config.backbone(), own, downloads);
    }
    return found;
  }

  private void own(BackboneConfig config, BackboneCard card, Downloads downloads) {
    List<Cut> cuts = card.cuts();
    for (Cut cut : cuts.subList(cuts.size() / 2, cuts.size())) {
      add(card, cut.name(), config.options(cut.name(), downloads));
    }
    String wanted = config.cut().isEmpty() ? card.defaultCut() : config.cut();
    if (all.stream().noneMatch(it -> it.options().cut().equals(wanted))) {
      add(card, wanted, config.options(wanted, downloads));
    }
  }

  private void others(
      Backbones backbones, BackboneConfig config, BackboneCard own, Downloads downloads) {
    for (String name : BackboneCatalog.names()) {
      BackboneCard card = BackboneCatalog.card(name);
      if (name.equals(own.name()) || !kind(card).equals(kind(own))) {
        continue;
      }
      if (backbones.isHere(card)) {
        add(card, card.defaultCut(), options(config, card, card.defaultCut(), downloads));
      } else {
        missing.add(new Missing(name, "its weights are not here: name it in --backbones"));
      }
    }
  }

  private void named(
      Storage storage, JobConfig config, BackboneCard own, String text, Downloads downloads)
      throws IOException {
    int at = text.lastIndexOf(CUT);
    String name = at < 0 ? text : text.substring(0, at);
    BackboneCard card = Backbones.card(storage, name);
    if (!kind(card).equals(kind(own))) {
      throw new UserError(
          "Cannot rank %s: it reads %s, and the job's %s reads %s. Name networks of that kind, or another backbone.card."
              .formatted(name, kind(card), own.name(), kind(own)));
    }
    String cut = at < 0 ? card.defaultCut() : text.substring(at + 1);
    List<String> cuts = card.cuts().stream().map(Cut::name).toList();
    if (!cut.equals(ALL_CUTS) && !cuts.contains(cut)) {
      throw new UserError(
          "Cannot rank %s: it has no cut '%s'.%s It has %s."
              .formatted(name, cut, NearestMatch.hint(cut, cuts), cuts));
    }
    for (String one : cut.equals(ALL_CUTS) ? cuts : List.of(cut)) {
      boolean itself = card.name().equals(own.name());
      add(
          card,
          one,
          itself
              ? config.backbone().options(one, downloads)
              : options(config.backbone(), card, one, downloads));
    }
  }

  private void add(BackboneCard card, String cut, BackboneOptions options) {
    all.add(new Candidate(card.name() + CUT + cut, options));
  }

  /** With weights of its own, and the cut's own pooling. */
  private static BackboneOptions options(
      BackboneConfig config, BackboneCard card, String cut, Downloads downloads) {
    return new BackboneOptions(
        card.name(),
        cut,
        null,
        config.batch(),
        "",
        "",
        config.engine(),
        config.jpegScaling(),
        config.device(),
        (long) config.cardMemory() << 20,
        downloads);
  }

  private static String kind(BackboneCard card) {
    if (card.text() != null) {
      return "texts";
    }
    return card.audio() != null ? "recordings" : "pictures";
  }
}
