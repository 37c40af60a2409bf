package org.graft.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.graft.backbone.CardSupport;
import org.graft.backbone.Gpu;
import org.graft.backbone.Gpus;
import org.graft.engine.dl4j.Dl4jCuda;
import org.graft.engine.onnx.CudaLibraries;
import org.graft.engine.onnx.CudaProvider;

/** NVIDIA's cards, and whether the engines of this build can compute on them. */
final class CardLooks {
  private static final String NAME = "gpu";
  private static final String ONNX = "gpu, onnx";
  private static final String DL4J = "gpu, dl4j";

  private CardLooks() {}

  /**
   * @param environment with {@code PATH}, {@code CUDA_VISIBLE_DEVICES} and folders of libraries
   */
  static List<Finding> all(Map<String, String> environment) {
    Gpus gpus = Gpus.of(environment);
    List<Finding> all = new ArrayList<>();
    all.add(cards(gpus));
    engine(ONNX, gpus, CudaProvider.CARDS, CudaProvider::isBuilt, "-Pgpu").ifPresent(all::add);
    engine(DL4J, gpus, Dl4jCuda.CARDS, Dl4jCuda::isBuilt, "-Pcuda").ifPresent(all::add);
    if (CudaProvider.isBuilt()) {
      all.add(libraries(gpus, CudaLibraries.of(environment).find()));
    }
    return all;
  }

  static Finding cards(Gpus gpus) {
    if (!gpus.hasDriver()) {
      return Finding.ok(NAME, "none (there is no nvidia-smi): networks run on the processor");
    }
    return gpus.cards().isEmpty()
        ? Finding.warning(
            NAME,
            gpus.problem(),
            "The driver does not answer: see what nvidia-smi itself prints. Networks run on the processor.")
        : Finding.ok(
            NAME, String.join("; ", gpus.cards().stream().map(CardLooks::withMemory).toList()));
  }

  private static String withMemory(Gpu card) {
    return card + ", " + card.memory();
  }

  /**
   * Whether an engine has code for the cards, and is built with it; nothing where there are none.
   */
  private static Optional<Finding> engine(
      String name, Gpus gpus, CardSupport support, BooleanSupplier built, String profile) {
    for (Gpu card : gpus.cards()) {
      Optional<String> problem = support.problem(card);
      if (problem.isPresent()) {
        return Optional.of(unfit(name, built.getAsBoolean(), problem.get()));
      }
    }
    if (gpus.cards().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        built.getAsBoolean()
            ? Finding.ok(name, support.library() + " has code for them")
            : Finding.ok(
                name,
                "not in this build, and would run on them: `mvn %s package`".formatted(profile)));
  }

  private static Finding unfit(String name, boolean built, String problem) {
    return built
        ? Finding.warning(
            name, problem, "See gpu.md for which engine serves which card; device: cpu works.")
        : Finding.ok(name, "not in this build: " + problem);
  }

  static Finding libraries(Gpus gpus, CudaLibraries.Found found) {
    String value =
        found.missing().isEmpty()
            ? found.found().values().toString()
            : "missing " + found.missing() + ", found " + found.found().values();
    return found.missing().isEmpty() || gpus.cards().isEmpty()
        ? Finding.ok("cuda libraries", value)
        : Finding.warning("cuda libraries", value, CudaLibraries.FIX + ".");
  }
}
