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
import org.graft.backbone.Device;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.Checks;
import org.graft.common.UserError;
import org.graft.common.Version;
import org.graft.engine.CardCheck;
import org.graft.engine.dl4j.Dl4jBackboneLoader;
import org.graft.weights.WeightFormat;

/**
 * Compiles backbones from their DL4J graphs, or takes them from ONNX files, and runs them in ONNX
 * Runtime: on the processor, or on cards.
 */
public final class OnnxBackboneLoader implements BackboneLoader {
  private static final long serialVersionUID = 1L;

  /** To be raised whenever a compiled network's results may change in their last bits. */
  private static final int COMPILER = 2;

  /** Most bytes of a card that one network takes; 0: no limit, {@link #ON_PROCESSOR}: no card. */
  private final long cardMemory;

  private static final long ON_PROCESSOR = -1;

  /** On the processor. */
  public OnnxBackboneLoader() {
    this(ON_PROCESSOR);
  }

  private OnnxBackboneLoader(long cardMemory) {
    this.cardMemory = cardMemory;
  }

  /** On cards: the first one. */
  @Override
  public Backbone load(BackboneSpec spec) throws IOException {
    return load(spec, onCards() ? Device.cuda(0) : Device.CPU);
  }

  @Override
  public Backbone load(BackboneSpec spec, Device device) throws IOException {
    Checks.argument(device.isCuda() == onCards(), "'%s' does not compute on %s", engine(), device);
    if (device.isCuda()) {
      if (spec.precision() instanceof Precision.Int8) {
        throw refused(spec, "int8 is for processors, and a card is faster in fp16");
      }
      CudaProvider.check(device, spec.precision());
    } else if (spec.precision() instanceof Precision.OfCards) {
      throw refused(spec, "only cards compute in it");
    }
    boolean tf32 = spec.precision().equals(Precision.TF32);
    return load(spec, new Execution(device, Math.max(0, cardMemory), tf32));
  }

  private static UserError refused(BackboneSpec spec, String why) {
    return new UserError(
        "Cannot run %s in %s: %s. Set precision or backbone.device."
            .formatted(spec.card().name(), spec.precision().name(), why));
  }

  private static Backbone load(BackboneSpec spec, Execution execution) throws IOException {
    CardCheck.warnUnlessVerified(spec.card());
    if (isZip(spec) && !spec.card().ownNetwork()) { // the card can say nothing of its graph
      return open(spec, execution);
    }
    Cut cut = spec.card().cut(spec.cut());
    BackboneSpec golden = asGolden(spec, cut);
    if (!golden.equals(spec) && isGolden(spec.card(), cut)) {
      proven(open(golden, execution), golden, cut).close();
    }
    Backbone backbone = open(spec, execution);
    if (spec.precision() instanceof Precision.OfCards) {
      checkNarrow(backbone, spec, execution);
    }
    return golden.equals(spec) ? proven(backbone, spec, cut) : fitting(backbone, spec, cut);
  }

  /** Fewer bits must not make another network of it: half precision ends at 65504. */
  private static void checkNarrow(Backbone backbone, BackboneSpec spec, Execution execution)
      throws IOException {
    try (Backbone exact = open(spec.withPrecision(Precision.FP32), execution)) {
      NarrowCheck.of(spec, exact, backbone);
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
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

  private static Backbone open(BackboneSpec spec, Execution execution) throws IOException {
    if (spec.card().text() != null) {
      return TextBackbone.open(spec, execution);
    }
    if (isOnnx(spec)) {
      return FileBackbone.open(spec, execution);
    }
    OnnxModel model = inPrecision(compiled(spec), spec.precision());
    try {
      return new OnnxBackbone(model, spec.batch(), execution);
    } catch (IllegalStateException e) {
      throw CardCheck.input(spec, e);
    }
  }

  static OnnxModel inPrecision(OnnxModel model, Precision precision) {
    if (precision.equals(Precision.FP16)) {
      HalfPrecision.problem(model)
          .ifPresent(
              why -> {
                throw new UserError(
                    "Cannot run the network in fp16: %s. Set precision: fp32.".formatted(why));
              });
      return HalfPrecision.of(model);
    }
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
    return "onnxruntime %s, compiler %d, %s"
        .formatted(
            OnnxSession.version(), COMPILER, onCards() ? "cuda " + CudaProvider.CUDA : "threads 1");
  }

  @Override
  public boolean onCards() {
    return cardMemory != ON_PROCESSOR;
  }

  @Override
  public OnnxBackboneLoader forCards(long memory) {
    Checks.argument(memory >= 0, "memory must not be negative: %d", memory);
    return new OnnxBackboneLoader(memory);
  }

  @Override
  public Optional<String> cardProblem(Gpus gpus) {
    return CudaProvider.problem(gpus);
  }
}
