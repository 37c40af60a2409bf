package org.graft.job;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.graft.OwnNetwork;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.CardAnswers;
import org.graft.backbone.NetworkReport;
import org.graft.common.Json;
import org.graft.common.UserError;
import org.graft.image.Preprocessing;
import org.graft.image.PreprocessingPreset;

/** {@code graft backbones add}: looks into a network of the user's own and writes its card. */
final class CardWriting {
  private static final int USUAL_SIDE = 224;

  private final BackbonesOptions options;
  private final PrintStream out;

  CardWriting(BackbonesOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  void run(Summary.Builder summary) throws IOException {
    Path to = target();
    Path file = Path.of(options.subject());
    OwnNetwork network = OwnNetwork.inspect(file, side());
    show(network.report());
    Preprocessing preprocessing =
        preset().at(network.report().input().height(), network.report().input().width());
    if (network.hasParts()) {
      network = network.whole(to.resolveSibling(stem(to) + ".onnx"));
    }
    BackboneCard card =
        network.card(
            new CardAnswers(
                name(file),
                preprocessing,
                options.text("cut"),
                textOr("licence", "unknown"),
                textOr("origin", "the user's own: " + file.getFileName())));
    Files.writeString(to, Json.pretty(card));
    summary.paths.put("card", to.toString());
    if (options.json()) {
      summary.metrics.put("card", card);
    } else {
      line("card", to + ": use it with -s backbone.card=" + to);
    }
  }

  private Path target() {
    String card = options.text("card");
    if (!card.endsWith(".json")) {
      throw new UserError(
          "Cannot write a card to '%s': its path must end in .json. Give --card OUT.json."
              .formatted(card));
    }
    Path to = Path.of(card).toAbsolutePath();
    if (Files.exists(to) || !Files.isDirectory(to.getParent())) {
      throw new UserError(
          "Cannot write a card to %s: %s. Give --card another path."
              .formatted(
                  to, Files.exists(to) ? "the file is there already" : "there is no such folder"));
    }
    return to;
  }

  private int side() {
    String size = options.text("size");
    if (!size.isEmpty() && !size.matches("[1-9][0-9]{0,3}")) {
      throw new UserError(
          "Cannot take pictures of --size %s: wanted a number of pixels from 1 to 9999."
              .formatted(size));
    }
    return size.isEmpty() ? USUAL_SIDE : Integer.parseInt(size);
  }

  @SuppressWarnings("SystemConsoleNull") // from Java 22 on there always is one
  private PreprocessingPreset preset() {
    String preset = options.text("preset");
    Console console = System.console();
    if (!preset.isEmpty() || console == null) {
      return PreprocessingPreset.of(preset);
    }
    Arrays.stream(PreprocessingPreset.values()).forEach(one -> line(one.id(), one.text()));
    return PreprocessingPreset.of(console.readLine("How were its pictures prepared? ").strip());
  }

  private String name(Path file) {
    String name = textOr("as", stem(file) + ".own");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new UserError(
          "Cannot call a card '%s': use letters, digits, '.', '_' and '-'. Give --as NAME."
              .formatted(name));
    }
    return name;
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
  }

  private String textOr(String option, String otherwise) {
    String text = options.text(option);
    return text.isEmpty() ? otherwise : text;
  }

  private void show(NetworkReport report) {
    if (options.json()) {
      return;
    }
    line("format", report.format() + ", by " + report.producer());
    line(
        "input",
        "%d x %d x %d%s"
            .formatted(
                report.input().channels(),
                report.input().height(),
                report.input().width(),
                report.fixedSize() ? "" : " (any size: --size)"));
    line("size", "%,d nodes, %,d parameters".formatted(report.nodes(), report.parameters()));
    for (Cut cut : report.cuts()) {
      String width = "width " + cut.featureWidth(cut.pooling());
      line("cut " + cut.name(), cut.name().equals(report.defaultCut()) ? width + " *" : width);
    }
    report.notes().forEach(note -> line("note", note));
  }

  private void line(String name, String text) {
    out.printf("%-22s %s%n", name, text);
  }
}
