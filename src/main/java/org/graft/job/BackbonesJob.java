package org.graft.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.graft.Backbones;
import org.graft.Verification;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.Json;
import org.graft.common.Storage;
import org.graft.spark.HadoopStorage;
import org.graft.spark.Progress;
import org.graft.weights.Sha256;

/** {@code graft backbones}: the cards and their weights. Needs no Spark session. */
final class BackbonesJob implements Job {
  private final BackbonesOptions options;
  private final PrintStream out;
  private final Storage storage = new HadoopStorage(new Configuration());
  private final Backbones backbones;

  BackbonesJob(BackbonesOptions options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.backbones =
        new Backbones(
            storage, options.downloads(), new Progress(err, Boolean.getBoolean("graft.terminal")));
  }

  @Override
  public Summary run(Summary.Builder summary) throws IOException {
    switch (options.action()) {
      case LIST -> list(summary);
      case SHOW -> show(card(), summary);
      case FETCH -> fetch(card(), summary);
      case VERIFY -> verify(card(), summary);
      case ADD -> new CardWriting(options, out).run(summary);
    }
    return summary.done();
  }

  private BackboneCard card() throws IOException {
    return Backbones.card(storage, options.subject());
  }

  private void list(Summary.Builder summary) throws IOException {
    List<Listed> all = Listed.all(backbones);
    summary.counts.put("backbones", (long) all.size());
    if (options.json()) {
      summary.metrics.put("backbones", all);
    } else {
      out.println(Listed.HEADER);
      all.forEach(listed -> out.println(listed.line()));
    }
  }

  private void show(BackboneCard card, Summary.Builder summary) {
    if (options.json()) {
      summary.metrics.put("card", card);
    } else {
      out.print(Json.pretty(card));
      List<String> shortNames = BackboneCatalog.shortNames(card.name());
      line("also", shortNames.isEmpty() ? "no other names" : String.join(", ", shortNames));
      for (Cut cut : card.cuts()) {
        line(
            cut.name(),
            "%d x %d x %d, width %d"
                .formatted(
                    cut.channels(), cut.height(), cut.width(), cut.featureWidth(cut.pooling())));
      }
    }
  }

  private void fetch(BackboneCard card, Summary.Builder summary) throws IOException {
    Path file = backbones.fetch(card, null);
    String sha256 = Sha256.of(file);
    summary.paths.put("weights", file.toString());
    summary.metrics.put("sha256", sha256);
    summary.metrics.put("bytes", Files.size(file));
    if (!options.json()) {
      line("weights", file.toString());
      line("sha256", sha256);
    }
  }

  private void verify(BackboneCard card, Summary.Builder summary) throws IOException {
    String weights = options.text("weights");
    Path file =
        backbones.single(
            weights.isEmpty() ? backbones.fetch(card, null) : backbones.local(weights, null));
    Verification found = Verification.of(card, file);
    summary.paths.put("weights", file.toString());
    summary.metrics.put("verification", found);
    if (!options.json()) {
      line("card", card.name());
      line("weights", file.toString());
      line("sha256", found.sha256() + " (" + found.digest() + ")");
      found
          .golden()
          .forEach(
              golden ->
                  line(
                      "golden",
                      String.format(
                          Locale.ROOT,
                          "%s, seed %d: largest difference %.2g (tolerance %.2g)",
                          golden.cut(),
                          golden.seed(),
                          golden.difference(),
                          golden.tolerance())));
      if (found.golden().isEmpty()) {
        line("golden", "none on the card: only that the weights fit, and that the engines agree");
      }
      if (found.engines() != null) {
        line(
            "engines",
            String.format(
                Locale.ROOT,
                "%s: largest difference between dl4j and onnx %.2g",
                card.defaultCut(),
                found.engines()));
      }
    }
  }

  private void line(String name, String text) {
    out.printf("%-22s %s%n", name, text);
  }
}
