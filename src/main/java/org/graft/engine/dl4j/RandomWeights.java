package org.graft.engine.dl4j;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Weights;
import org.graft.common.Checks;
import org.graft.common.Digest;
import org.graft.common.SeededHash;
import org.graft.weights.SafetensorsWriter;

/**
 * A network that has learnt nothing, to compare with: He initialisation (He et al. 2015, arXiv
 * 1502.01852), and batch norm statistics measured on some real inputs, without which the features
 * of a deep random network would be nearly constant.
 */
public final class RandomWeights {
  private RandomWeights() {}

  /**
   * Writes a safetensors file that the loader reads like any other.
   *
   * @param card of the network to imitate
   * @param calibration {@code [n][channels x height x width]}, preprocessed; 8 to 32 will do
   * @param seed equal seeds and calibration give equal bytes on one kind of processor
   * @return the card of these weights: without golden vectors, with the file's digest
   */
  public static BackboneCard write(BackboneCard card, float[][] calibration, long seed, Path file)
      throws IOException {
    Checks.argument(calibration.length > 0, "no inputs to calibrate on");
    Dl4jEngine.prepare();
    Network network = Networks.of(card.architecture());
    Dialect dialect = network.dialects().get(0);
    List<String> vertices = network.draw(dialect).names();
    String last = vertices.get(vertices.size() - 1);
    FrozenNetwork frozen = FrozenNetwork.zeros(network.cutAt(last, card.input(), dialect));
    try {
      Parameter.setOnes(frozen.graph(), network, dialect);
      Calibration walk = new Calibration(frozen, network, dialect);
      walk.parameters().forEach(parameter -> parameter.set(initial(parameter, dialect, seed)));
      walk.run(calibration, card.input());
      save(walk.parameters(), file);
    } finally {
      frozen.parameters().close();
    }
    return imitation(card, seed, file);
  }

  private static float[] initial(Parameter parameter, Dialect dialect, long seed) {
    float[] values = new float[(int) parameter.view().length()];
    switch (parameter.kind()) {
      case "W" ->
          fillNormal(
              values, he(parameter.shape(), dialect), SeededHash.hash(seed, parameter.tensor()));
      case "gamma", "var" -> Arrays.fill(values, 1);
      default -> {} // biases and means are zero
    }
    return values;
  }

  /** The standard deviation that keeps variance through a ReLU: sqrt(2 / fan-in). */
  private static double he(long[] shape, Dialect dialect) {
    double weights = 1;
    for (long size : shape) {
      weights *= size;
    }
    double outputs = shape[dialect.channelsLast() ? shape.length - 1 : 0];
    return Math.sqrt(2 / (weights / outputs));
  }

  /** Box and Muller's two normal numbers of two uniform ones. */
  private static void fillNormal(float[] values, double deviation, long stream) {
    for (int i = 0; i < values.length; i += 2) {
      double radius =
          Math.sqrt(-2 * StrictMath.log(1 - SeededHash.unit(SeededHash.hash(stream, i))));
      double angle = 2 * Math.PI * SeededHash.unit(SeededHash.hash(stream, i + 1));
      values[i] = (float) (deviation * radius * StrictMath.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (deviation * radius * StrictMath.sin(angle));
      }
    }
  }

  private static void save(List<Parameter> parameters, Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    parameters.forEach(p -> writer.add(p.tensor(), p.shape(), p.get()));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      writer.writeTo(out);
    }
  }

  private static BackboneCard imitation(BackboneCard card, long seed, Path file)
      throws IOException {
    String sha256;
    try (InputStream in = Files.newInputStream(file)) {
      sha256 = Digest.of(in);
    }
    String name = card.architecture() + ".random-" + seed;
    return new BackboneCard(
        name,
        card.architecture(),
        card.input(),
        card.preprocessing(),
        card.cuts(),
        card.defaultCut(),
        new Weights(name + ".safetensors", List.of(), sha256, null, Files.size(file)),
        "none needed",
        "random numbers (seed %d), batch norm calibrated on pictures".formatted(seed),
        true,
        List.of());
  }
}
