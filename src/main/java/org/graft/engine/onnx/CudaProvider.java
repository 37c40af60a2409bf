package org.graft.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.backbone.CardSupport;
import org.graft.backbone.CardSupport.Range;
import org.graft.backbone.Device;
import org.graft.backbone.Gpu;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.UserError;

/** ONNX Runtime's CUDA provider: whether this build has it, and whether a card can run it. */
public final class CudaProvider {
  /** The major version of the CUDA that it was built with. */
  static final int CUDA = 13;

  /**
   * What is in the fat binaries of org.bytedeco:onnxruntime:1.28.0-1.5.14: sm_75, sm_80, and
   * sm_90a, sm_100a, sm_120a, which run on no other card; no PTX.
   */
  public static final CardSupport CARDS =
      new CardSupport(
          "ONNX Runtime's CUDA provider",
          List.of(
              new Range(75, 75),
              new Range(80, 89),
              new Range(90, 90),
              new Range(100, 100),
              new Range(120, 120)),
          580);

  private static final CardSupport CARDS_WITH_TF32 =
      new CardSupport("TF32", List.of(new Range(80, Integer.MAX_VALUE)), 0);

  private static final Pattern CUDA_FAILURE = Pattern.compile("CU[A-Z]+ failure [0-9]+: [^;]+");

  private static final String NOT_BUILT =
      "this build's ONNX Runtime has no CUDA provider (it has %s). Build Graft by `mvn -Pgpu package`, or set backbone.device: cpu";

  private CudaProvider() {}

  /** Whether this process's ONNX Runtime was built with it. */
  public static boolean isBuilt() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  /** The providers that this process's ONNX Runtime was built with. */
  public static List<String> providers() {
    OrtEnvironment.getEnvironment();
    return OrtEnvironment.getAvailableProviders().stream().map(OrtProvider::name).toList();
  }

  /**
   * What is against computing on those cards, with what to do about it.
   *
   * @param gpus null: they are elsewhere
   */
  static Optional<String> problem(Gpus gpus) {
    if (!isBuilt()) {
      return Optional.of(NOT_BUILT.formatted(providers()));
    }
    if (gpus == null) {
      return Optional.empty();
    }
    if (gpus.cards().isEmpty()) {
      return Optional.of(
          "no card answers (%s). See what nvidia-smi prints, or set backbone.device: cpu"
              .formatted(gpus.problem()));
    }
    return gpus.cards().stream().map(CudaProvider::problem).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> problem(Gpu card) {
    return CARDS.problem(card).map(why -> card + ": " + why + ". " + whatToDo(card));
  }

  private static String whatToDo(Gpu card) {
    return CARDS.hasCode(card)
        ? "Install a newer driver, or set backbone.device: cpu"
        : "Hide the card by CUDA_VISIBLE_DEVICES if there are others, or set backbone.device: cpu";
  }

  /**
   * Computes a little there.
   *
   * @throws UserError naming the card and what is missing, if that fails
   */
  static void check(Device device, Precision precision) {
    Gpus gpus = Gpus.of(System.getenv());
    Optional<Gpu> card = gpus.card(device);
    if (!isBuilt()) {
      throw refused(device, NOT_BUILT.formatted(providers()));
    }
    card.flatMap(CudaProvider::problem)
        .ifPresent(
            why -> {
              throw refused(device, why);
            });
    if (precision.equals(Precision.TF32)) {
      card.filter(it -> !CARDS_WITH_TF32.hasCode(it))
          .ifPresent(
              it -> {
                throw refused(device, it + " has no TF32. Set precision: fp32 or fp16");
              });
    }
    CudaLibraries.Found libraries = CudaLibraries.of(System.getenv()).load();
    try {
      CudaProbe.run(device);
    } catch (IllegalStateException e) {
      throw refused(device, failure(card, gpus, libraries, e));
    }
  }

  private static String failure(
      Optional<Gpu> card, Gpus gpus, CudaLibraries.Found libraries, IllegalStateException e) {
    String here =
        card.map(Gpu::toString)
            .orElse(gpus.problem().isEmpty() ? "there is no such card" : gpus.problem());
    return libraries.missing().isEmpty()
        ? "%s: %s. See `graft doctor` on that machine, or set backbone.device: cpu"
            .formatted(here, inShort(e.getMessage()))
        : "%s: %s not found. %s".formatted(here, libraries.missing(), CudaLibraries.FIX);
  }

  /** CUDA's own words, where ONNX Runtime says them among places in its sources. */
  static String inShort(String message) {
    Matcher cuda = CUDA_FAILURE.matcher(message);
    return cuda.find() ? cuda.group().strip() : message.strip();
  }

  private static UserError refused(Device device, String why) {
    return new UserError("Cannot compute on %s: %s.".formatted(device, why));
  }
}
