package org.graft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Golden;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Precision;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.weights.Sha256;

/**
 * What a weight file gives, held against its card: every golden vector of the card, and one engine
 * against the other at the default cut.
 *
 * @param digest whether the file is the one that the card names
 * @param golden what was compared; empty if the card has no golden vectors
 * @param engines largest difference between DL4J and the compiled network, relative to the largest
 *     feature; null for a network of the user's own
 */
public record Verification(
    String card, String sha256, String digest, List<Difference> golden, Double engines) {
  private static final long SEED = 1;

  /** The largest difference from one golden vector, relative to its largest feature. */
  public record Difference(String cut, long seed, double difference, double tolerance) {}

  /**
   * @throws org.graft.common.UserError if the weights do not fit the network, or give other
   *     features than the card says
   */
  public static Verification of(BackboneCard card, Path file) throws IOException {
    String sha256 = Sha256.of(file);
    List<Difference> differences = new ArrayList<>();
    for (Golden golden : card.golden()) {
      float[] features =
          features(
              new OnnxBackboneLoader(),
              card,
              golden.cut(),
              GoldenInput.of(golden, card.input().length()),
              file);
      differences.add(
          new Difference(
              golden.cut(),
              golden.seed(),
              GoldenCheck.difference(golden, features),
              golden.tolerance()));
    }
    if (card.ownNetwork() || card.preprocessing() == null) { // only one engine has it
      return new Verification(
          card.name(), sha256, digest(card.weights(), sha256), differences, null);
    }
    float[] noise = GoldenInput.of(SEED, card.input().length());
    float[] dl4j = features(new Dl4jBackboneLoader(), card, card.defaultCut(), noise, file);
    float[] onnx = features(new OnnxBackboneLoader(), card, card.defaultCut(), noise, file);
    return new Verification(
        card.name(),
        sha256,
        digest(card.weights(), sha256),
        differences,
        GoldenCheck.relativeDifference(dl4j, onnx));
  }

  private static String digest(BackboneCard.Weights weights, String sha256) {
    if (weights.sha256() == null) {
      return "the card knows none";
    }
    return Sha256.matches(weights.sha256(), sha256)
        ? "as the card says"
        : "the card says " + weights.sha256() + ": this is another file";
  }

  private static float[] features(
      BackboneLoader loader, BackboneCard card, String name, float[] input, Path file)
      throws IOException {
    Cut cut = card.cut(name);
    try (Backbone backbone =
        loader.load(new BackboneSpec(card, name, cut.pooling(), 1, file, Precision.FP32))) {
      return backbone.features(new float[][] {input})[0];
    }
  }
}
