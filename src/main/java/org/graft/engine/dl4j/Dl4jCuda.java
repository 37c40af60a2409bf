package org.graft.engine.dl4j;

import java.util.List;
import java.util.Optional;
import org.graft.backbone.CardSupport;
import org.graft.backbone.CardSupport.Range;
import org.graft.backbone.Gpu;
import org.graft.backbone.Gpus;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's CUDA backend: whether it is what computes here, and which cards it can run on. */
public final class Dl4jCuda {
  /**
   * What is in the fat binary of nd4j-cuda-11.6 1.0.0-M2.1: sm_37, 50, 52, 60, 61, 70, 75, 80 and
   * 86; no PTX. It loads on a later card, and dies at the first kernel.
   */
  public static final CardSupport CARDS =
      new CardSupport(
          "ND4J CUDA 11.6",
          List.of(
              new Range(37, 37),
              new Range(50, 53),
              new Range(60, 62),
              new Range(70, 75),
              new Range(80, 89)),
          450);

  private static final String BACKEND = "JCublasBackend";

  private Dl4jCuda() {}

  /** Whether ND4J computes on a card in this process: all of it, heads too. */
  public static boolean isActive() {
    return backend().equals(BACKEND);
  }

  /** The backend that ND4J found: {@code CpuBackend} or {@code JCublasBackend}. */
  public static String backend() {
    return Nd4j.getBackend().getClass().getSimpleName();
  }

  /** Whether the backend is on the class path, in use or not. */
  public static boolean isBuilt() {
    return Nd4j.class.getResource("/nd4j-jcublas.properties") != null;
  }

  /**
   * What is against computing on those cards, with what to do about it.
   *
   * @param gpus null: they are elsewhere
   */
  static Optional<String> problem(Gpus gpus) {
    if (gpus != null && gpus.cards().isEmpty()) {
      return Optional.of(
          "no card answers (%s). See what nvidia-smi prints, or set backbone.device: cpu"
              .formatted(gpus.problem()));
    }
    Optional<String> card =
        gpus == null
            ? Optional.empty()
            : gpus.cards().stream().map(Dl4jCuda::problem).flatMap(Optional::stream).findFirst();
    if (card.isPresent()) {
      return card;
    }
    if (!isBuilt()) {
      return Optional.of(
          "this build's ND4J has no CUDA backend. Build Graft by `mvn -Pcuda package`, set backbone.engine: onnx in a build of -Pgpu, or set backbone.device: cpu");
    }
    return gpus == null || isActive()
        ? Optional.empty()
        : Optional.of(
            "ND4J took its backend %s. See its own message in the log, and whether CUDA 11 and cuDNN 8 are here; or set backbone.device: cpu"
                .formatted(backend()));
  }

  private static Optional<String> problem(Gpu card) {
    return CARDS.problem(card).map(why -> card + ": " + why + whatElse(card));
  }

  private static String whatElse(Gpu card) {
    return CARDS.hasCode(card)
        ? ". Install a newer driver, or set backbone.device: cpu"
        : "; engine onnx has it for later ones: set backbone.engine: onnx, or backbone.device: cpu";
  }
}
