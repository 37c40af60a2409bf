package org.graft.engine.onnx;

import java.io.IOException;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.CardCheck;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.weights.WeightFormat;

/**
 * Compiles backbones from their DL4J graphs, or takes them from ONNX files, and runs them in ONNX
 * Runtime on the CPU.
 */
public final class OnnxBackboneLoader implements BackboneLoader {
  private static final long serialVersionUID = 1L;

  /** To be raised whenever a compiled network's results may change in their last bits. */
  private static final int COMPILER = 2;

  @Override
  public Backbone load(BackboneSpec spec) throws IOException {
    CardCheck.warnUnlessVerified(spec.card());
    if (isZip(spec) && !spec.card().ownNetwork()) { // the card can say nothing of its graph
      return open(spec);
    }
    Cut cut = spec.card().cut(spec.cut());
    BackboneSpec golden = asGolden(spec, cut);
    if (!golden.equals(spec) && isGolden(spec.card(), cut)) {
      proven(open(golden), golden, cut).close();
    }
    Backbone backbone = open(spec);
    return golden.equals(spec) ? proven(backbone, spec, cut) : fitting(backbone, spec, cut);
  }

  /** Golden vectors are in float32, under the cut's default pooling. */
  private static BackboneSpec asGolden(BackboneSpec spec, Cut cut) {
    return new BackboneSpec(
        spec.card(), spec.cut(), cut.pooling(), spec.batch(), spec.weights(), Precision.FP32);
  }

  private static boolean isGolden(BackboneCard card, Cut cut) {
    return card.golden().stream().anyMatch(golden -> golden.cut().equals(cut.name()));
  }

  private static Backbone proven(Backbone backbone, BackboneSpec spec, Cut cut) {
    return closedUnless(
        fitting(backbone, spec, cut),
        () ->
            GoldenCheck.of(spec.card(), cut, input -> backbone.features(new float[][] {input})[0]));
  }

  private static Backbone fitting(Backbone backbone, BackboneSpec spec, Cut cut) {
    return closedUnless(backbone, () -> CardCheck.width(backbone.width(), cut, spec));
  }

  private static Backbone closedUnless(Backbone backbone, Runnable check) {
    try {
      check.run();
      return backbone;
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  private static Backbone open(BackboneSpec spec) throws IOException {
    if (spec.card().text() != null) {
      return TextBackbone.open(spec);
    }
    if (isOnnx(spec)) {
      return FileBackbone.open(spec);
    }
    OnnxModel model = inPrecision(compiled(spec), spec.precision());
    try {
      return new OnnxBackbone(model, spec.batch());
    } catch (IllegalStateException e) {
      throw CardCheck.input(spec, e);
    }
  }

  static OnnxModel inPrecision(OnnxModel model, Precision precision) {
    return precision instanceof Precision.Int8 int8
        ? Quantizer.quantize(model, int8.ranges())
        : model;
  }

  /**
   * What int8 needs to know of a backbone: see {@link Calibrator#ranges}. The ranges hold for this
   * cut and pooling, whatever the spec's own precision. Networks for texts need none, and the
   * inputs are not looked at.
   */
  public static ActivationRanges calibrate(BackboneSpec spec, Iterable<float[]> inputs)
      throws IOException {
    if (spec.card().text() != null) {
      return ActivationRanges.NONE;
    }
    return Calibrator.ranges(compiled(spec), inputs);
  }

  private static OnnxModel compiled(BackboneSpec spec) throws IOException {
    return isOnnx(spec)
        ? FileBackbone.forInt8(spec)
        : Dl4jBackboneLoader.onGraph(spec, graph -> compiled(spec, graph));
  }

  private static OnnxModel compiled(BackboneSpec spec, ComputationGraph graph) {
    try {
      return OnnxNetwork.compile(graph, spec.card().input(), spec.pooling(), Version.graft());
    } catch (IllegalStateException e) {
      throw CardCheck.input(spec, e);
    }
  }

  /**
   * Why this backbone has to stay with DL4J: the message names the vertex that cannot be compiled.
   * Graft's own architectures all can, and ONNX files are compiled already; the network of a DL4J
   * zip is tried, in memory.
   *
   * @throws UserError if the zip cannot be read
   */
  public static Optional<String> refusal(BackboneSpec spec) throws IOException {
    return !isOnnx(spec) && isZip(spec)
        ? Dl4jBackboneLoader.onGraph(spec, graph -> refusal(spec, graph))
        : Optional.empty();
  }

  private static Optional<String> refusal(BackboneSpec spec, ComputationGraph graph) {
    try {
      compiled(spec, graph);
      return Optional.empty();
    } catch (UserError e) {
      return Optional.of(e.getMessage());
    }
  }

  private static boolean isOnnx(BackboneSpec spec) {
    return spec.card().architecture().equals(BackboneCard.ONNX);
  }

  private static boolean isZip(BackboneSpec spec) throws IOException {
    return WeightFormat.of(spec.weights()) == WeightFormat.DL4J_ZIP;
  }

  @Override
  public String engine() {
    return "onnxruntime %s, compiler %d, threads 1".formatted(OnnxSession.version(), COMPILER);
  }
}
