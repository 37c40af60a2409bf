package org.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.CardAnswers;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.NetworkReport;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.dl4j.Dl4jInspector;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.engine.onnx.OnnxInspector;
import org.graft.image.Preprocessing.Size;
import org.graft.weights.Sha256;
import org.graft.weights.WeightFormat;

/**
 * A network of the user's own on its way to become a backbone: looked into, and then given a card.
 */
public final class OwnNetwork {
  private static final int GOLDEN_SEED = 1;
  private static final int GOLDEN_BATCH = 8;
  private static final int COLOURS = 3;

  /**
   * Weights of 16 bits are computed with in 32, bytes are rounded on the edge by each processor.
   */
  private static final double EXACT = 1e-4;

  private static final double ROUNDED = 0.05;

  private final Path file;
  private final NetworkReport report;

  private OwnNetwork(Path file, NetworkReport report) {
    this.file = file;
    this.report = report;
  }

  /**
   * @param file an {@code .onnx} file or a DL4J zip
   * @param side of the picture in pixels, where the network takes any size
   * @throws UserError if it is neither, or is no network for pictures
   */
  public static OwnNetwork inspect(Path file, int side) throws IOException {
    WeightFormat format = WeightFormat.of(file);
    return switch (format) {
      case ONNX -> new OwnNetwork(file, OnnxInspector.inspect(file, side));
      case DL4J_ZIP -> new OwnNetwork(file, Dl4jInspector.inspect(file, side));
      default ->
          throw new UserError(
              "Cannot write a card for %s: it holds weights (%s) and no network. Take the card of its architecture and set backbone.weights to the file."
                  .formatted(file, format));
    };
  }

  public NetworkReport report() {
    return report;
  }

  /** Whether some weights are in other files: {@link #whole} makes one of them. */
  public boolean hasParts() throws IOException {
    return isOnnx() && OnnxInspector.hasParts(file);
  }

  /** The same network in one file, which is written: no other travels to executors and bundles. */
  public OwnNetwork whole(Path to) throws IOException {
    OnnxInspector.writeWhole(file, to);
    return new OwnNetwork(to, report);
  }

  /**
   * The card: with the file's digest, and a golden vector of the default cut, which an ONNX
   * network's unmodified file gives in ONNX Runtime, and a DL4J zip in DL4J. The network is loaded
   * by it before this returns.
   *
   * @throws UserError if the answers do not fit the network
   */
  public BackboneCard card(CardAnswers answers) throws IOException {
    Input input = report.input();
    Size size = answers.preprocessing().output();
    if (input.channels() != COLOURS) {
      throw new UserError(
          "Cannot write a card for %s: it takes pictures of %d channels (3 are wanted). Take a network for colour pictures."
              .formatted(file, input.channels()));
    }
    if (size.height() != input.height() || size.width() != input.width()) {
      throw new UserError(
          "Cannot write a card for %s: its input is %d x %d (the preprocessing gives %d x %d). Correct one of them."
              .formatted(file, input.height(), input.width(), size.height(), size.width()));
    }
    List<Cut> cuts = new ArrayList<>(report.cuts());
    Cut cut = cut(answers.cut(), cuts);
    BackboneCard card = card(answers, cuts, cut.name(), List.of());
    float[] features = reference(card, cut);
    BackboneCard proven = card(answers, cuts, cut.name(), golden(cut, features));
    loader().load(spec(proven, cut, GOLDEN_BATCH)).close();
    return proven;
  }

  private Cut cut(String wanted, List<Cut> cuts) throws IOException {
    String name = wanted == null || wanted.isEmpty() ? report.defaultCut() : wanted;
    for (Cut cut : cuts) {
      if (cut.name().equals(name)) {
        return cut;
      }
    }
    Cut other =
        isOnnx()
            ? OnnxInspector.cut(file, report.input(), name)
            : Dl4jInspector.cut(file, report.input(), name);
    cuts.add(other);
    return other;
  }

  private BackboneCard card(
      CardAnswers answers, List<Cut> cuts, String defaultCut, List<Golden> golden)
      throws IOException {
    String name = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._+-]", "_");
    return new BackboneCard(
        answers.name(),
        report.architecture(),
        report.input(),
        answers.preprocessing(),
        cuts,
        defaultCut,
        new Weights(
            name,
            List.of(file.toAbsolutePath().normalize().toUri().toString()),
            Sha256.of(file),
            null,
            Files.size(file)),
        answers.licence(),
        answers.origin(),
        true,
        golden);
  }

  private float[] reference(BackboneCard card, Cut cut) throws IOException {
    float[] picture = GoldenInput.of(GOLDEN_SEED, card.input().length());
    if (isOnnx()) {
      return OnnxInspector.reference(file, card.input(), cut, picture);
    }
    try (Backbone backbone = new Dl4jBackboneLoader().load(spec(card, cut, 1))) {
      return backbone.features(new float[][] {picture})[0];
    }
  }

  private List<Golden> golden(Cut cut, float[] features) {
    List<Float> values = new ArrayList<>(features.length);
    boolean zero = true;
    for (float value : features) {
      if (!Float.isFinite(value)) {
        throw new UserError(
            "Cannot write a card for %s: cut '%s' gives infinite values or NaN for noise. Check the network, or take another cut."
                .formatted(file, cut.name()));
      }
      zero &= value == 0;
      values.add(value);
    }
    return zero // of which nothing can be told
        ? List.of()
        : List.of(new Golden(GOLDEN_SEED, cut.name(), values, report.exact() ? EXACT : ROUNDED));
  }

  private BackboneSpec spec(BackboneCard card, Cut cut, int batch) {
    return new BackboneSpec(card, cut.name(), cut.pooling(), batch, file, Precision.FP32);
  }

  private BackboneLoader loader() {
    return isOnnx() ? new OnnxBackboneLoader() : new Dl4jBackboneLoader();
  }

  private boolean isOnnx() {
    return report.architecture().equals(BackboneCard.ONNX);
  }
}
