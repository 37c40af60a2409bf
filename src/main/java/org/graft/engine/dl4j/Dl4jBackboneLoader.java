package org.graft.engine.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Device;
import org.graft.backbone.GoldenCheck;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.Checks;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.engine.CardCheck;
import org.graft.engine.WeightFiles;
import org.graft.weights.Tensors;
import org.graft.weights.WeightFormat;

/** Runs backbones as DL4J graphs on the processor, or on the card of ND4J's backend. */
public final class Dl4jBackboneLoader implements BackboneLoader {
  private static final long serialVersionUID = 1L;

  private final boolean stock;
  private final boolean onCards;

  /** On the processor. */
  public Dl4jBackboneLoader() {
    this(false, false);
  }

  private Dl4jBackboneLoader(boolean stock, boolean onCards) {
    this.stock = stock;
    this.onCards = onCards;
  }

  /** DL4J as it comes, without oneDNN's convolutions: to compare with. */
  public static Dl4jBackboneLoader stock() {
    return new Dl4jBackboneLoader(true, false);
  }

  /** The architectures that a card may name. */
  public static List<String> architectures() {
    return Networks.names();
  }

  @Override
  public Backbone load(BackboneSpec spec) throws IOException {
    checkBackend(spec);
    Dl4jEngine.prepare();
    BackboneCard card = spec.card();
    if (!spec.precision().equals(Precision.FP32)) {
      throw new UserError(
          "Cannot run %s in %s by DL4J: it computes in fp32 only. Set backbone.engine: onnx, or precision: fp32."
              .formatted(card.name(), spec.precision().name()));
    }
    CardCheck.warnUnlessVerified(card);
    return WeightFormat.of(spec.weights()) == WeightFormat.DL4J_ZIP && !card.ownNetwork()
        ? whole(spec)
        : proven(spec, card.cut(spec.cut()));
  }

  /** The frozen graph up to the cut, before any pooling, with parameters of its own. */
  public static ComputationGraph graph(BackboneSpec spec) throws IOException {
    return frozen(spec).graph();
  }

  /**
   * What {@code use} makes of {@link #graph}, whose parameters are freed before this returns: the
   * collector knows nothing of memory off the heap.
   */
  public static <T> T onGraph(BackboneSpec spec, Function<ComputationGraph, T> use)
      throws IOException {
    FrozenNetwork frozen = frozen(spec);
    try {
      return use.apply(frozen.graph());
    } finally {
      frozen.parameters().close();
    }
  }

  private static FrozenNetwork frozen(BackboneSpec spec) throws IOException {
    checkArchitecture(spec);
    Dl4jEngine.prepare();
    if (WeightFormat.of(spec.weights()) != WeightFormat.DL4J_ZIP) {
      return frozen(spec, spec.card().cut(spec.cut()));
    }
    FrozenNetwork all = Dl4jZip.read(spec.weights());
    try {
      return all.cutAt(vertex(spec, all));
    } finally {
      all.parameters().close();
    }
  }

  /**
   * @throws UserError if the card is of a network that DL4J does not run, or not of this file
   */
  public static void checkArchitecture(BackboneSpec spec) throws IOException {
    BackboneCard card = spec.card();
    if (card.architecture().equals(BackboneCard.ONNX)) {
      throw new UserError(
          "Cannot run %s by DL4J: it is an ONNX network. Set backbone.engine: onnx or auto."
              .formatted(card.name()));
    }
    if (card.architecture().equals(BackboneCard.DL4J)
        && WeightFormat.of(spec.weights()) != WeightFormat.DL4J_ZIP) {
      throw new UserError(
          "Cannot run %s: %s is no DL4J zip, as its card says. Give the file that the card belongs to."
              .formatted(card.name(), spec.weights()));
    }
  }

  /**
   * The place of a DL4J zip's own graph that {@code name} says: a cut of the card, or any vertex.
   *
   * @throws UserError that lists the vertices, if there is none
   */
  public static Cut zipCut(BackboneCard card, String name, Path zip) throws IOException {
    Dl4jEngine.prepare();
    FrozenNetwork all = Dl4jZip.read(zip);
    try {
      String vertex =
          vertex(new BackboneSpec(card, name, Pooling.AVG, 1, zip, Precision.FP32), all);
      return Vertices.cut(name, vertex, all.network(), card.input());
    } finally {
      all.parameters().close();
    }
  }

  private static FrozenNetwork frozen(BackboneSpec spec, Cut cut) throws IOException {
    BackboneCard card = spec.card();
    try (Tensors tensors = WeightFiles.open(spec.weights())) {
      return FrozenNetwork.of(
          Networks.of(card.architecture()),
          cut.layer(),
          card.input(),
          tensors,
          spec.weights().toString());
    }
  }

  /** A network of which the card says what it gives. */
  private Backbone proven(BackboneSpec spec, Cut cut) throws IOException {
    BackboneCard card = spec.card();
    Dl4jBackbone backbone = start(frozen(spec), spec);
    try {
      CardCheck.width(backbone.width(), cut, spec);
      GoldenCheck.of(
          card,
          cut,
          input -> backbone.features(new float[][] {input}, new SpatialPooling(cut.pooling()))[0]);
      return backbone;
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /** A DL4J zip brings its own graph; the cut is one of its vertices. */
  private Backbone whole(BackboneSpec spec) throws IOException {
    return start(frozen(spec), spec);
  }

  private static String vertex(BackboneSpec spec, FrozenNetwork all) {
    String wanted =
        spec.cut() == null || spec.cut().isEmpty() ? spec.card().defaultCut() : spec.cut();
    List<String> vertices = List.copyOf(all.network().getVertices().keySet());
    return spec.card().cuts().stream()
        .filter(cut -> cut.name().equals(wanted))
        .map(Cut::layer)
        .filter(vertices::contains)
        .findFirst()
        .or(() -> vertices.stream().filter(wanted::equals).findFirst())
        .orElseThrow(
            () ->
                new UserError(
                    "Cannot cut the DL4J network %s at '%s': its vertices are %s.%s"
                        .formatted(
                            spec.weights(),
                            wanted,
                            vertices,
                            NearestMatch.hint(wanted, vertices))));
  }

  private Dl4jBackbone start(FrozenNetwork frozen, BackboneSpec spec) {
    try {
      return new Dl4jBackbone(
          frozen.network(),
          frozen.parameters(),
          spec.card().input(),
          spec.pooling(),
          spec.batch(),
          stock);
    } catch (IllegalStateException e) {
      throw CardCheck.input(spec, e);
    }
  }

  @Override
  public String engine() {
    if (onCards) { // which the driver of a job may have none of
      return "dl4j %s, cuda 11.6".formatted(Dl4jEngine.version());
    }
    Dl4jEngine.prepare();
    return Dl4jEngine.record(stock);
  }

  /** ND4J's backend is the whole process's: its card is the first one that is visible. */
  @Override
  public Backbone load(BackboneSpec spec, Device device) throws IOException {
    if (device.ordinal() > 0) {
      throw new UserError(
          "Cannot run %s by DL4J on %s: ND4J takes every card that it sees. Set CUDA_VISIBLE_DEVICES so that each executor sees one, or backbone.engine: onnx."
              .formatted(spec.card().name(), device));
    }
    Checks.argument(device.isCuda() == onCards, "'%s' does not compute on %s", engine(), device);
    return load(spec);
  }

  @Override
  public boolean onCards() {
    return onCards;
  }

  @Override
  public Dl4jBackboneLoader forCards(long memory) {
    return new Dl4jBackboneLoader(stock, true);
  }

  @Override
  public Optional<String> cardProblem(Gpus gpus) {
    return Dl4jCuda.problem(gpus);
  }

  /** That ND4J's backend is the one that the record names. */
  private void checkBackend(BackboneSpec spec) {
    if (onCards == Dl4jCuda.isActive()) {
      return;
    }
    if (onCards) {
      throw new UserError(
          "Cannot run %s by DL4J on a card: %s."
              .formatted(
                  spec.card().name(),
                  Dl4jCuda.problem(Gpus.of(System.getenv()))
                      .orElse("ND4J took its backend " + Dl4jCuda.backend())));
    }
    throw new UserError(
        "Cannot run %s by DL4J on the processor: ND4J computes on a card here. Set backbone.device: cuda, or hide the cards by CUDA_VISIBLE_DEVICES=-1."
            .formatted(spec.card().name()));
  }
}
