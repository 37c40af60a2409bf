package org.graft.bench;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.backbone.Device;
import org.graft.backbone.Gpus;
import org.graft.common.UserError;
import org.graft.engine.onnx.CudaLibraries;
import org.graft.engine.onnx.CudaProvider;
import org.graft.engine.onnx.OnnxBackboneLoader;

/**
 * The card, the driver, the providers and the libraries of this machine, said before any of them is
 * used.
 */
final class SmokeMachine {
  private SmokeMachine() {}

  /**
   * @throws UserError if {@code device} is a card, and something is missing for it
   */
  static void show(PrintStream out, Map<String, String> environment, Device device) {
    Gpus gpus = Gpus.of(environment);
    CudaLibraries.Found libraries = CudaLibraries.of(environment).find();
    gpus.cards().forEach(card -> out.println(line("card", card + ", " + card.memory())));
    if (gpus.cards().isEmpty()) {
      out.println(line("card", "none answers: " + gpus.problem()));
    }
    out.println(
        line("providers", CudaProvider.providers() + ", " + new OnnxBackboneLoader().engine()));
    libraries.found().forEach((name, file) -> out.println(line("library", name + " is " + file)));
    libraries.missing().forEach(name -> out.println(line("library", name + " is missing")));
    if (device.isCuda()) {
      check(gpus, libraries.missing());
    }
  }

  private static void check(Gpus gpus, List<String> missing) {
    if (gpus.cards().isEmpty()) {
      throw refused("no card answers (%s). See what nvidia-smi prints".formatted(gpus.problem()));
    }
    if (!CudaProvider.isBuilt()) {
      throw refused("this ONNX Runtime has no CUDA provider. Pack it by submit/gpu/pack");
    }
    if (!missing.isEmpty()) {
      throw refused(
          "%s not found. `pip install %s` into a Python environment, and name its python3 by --python"
              .formatted(missing, String.join(" ", packages(missing))));
    }
  }

  /** Of PyPI. */
  private static Set<String> packages(List<String> libraries) {
    Set<String> packages = new LinkedHashSet<>();
    for (String library : libraries) {
      packages.add(
          library.startsWith("libcudart")
              ? "'nvidia-cuda-runtime>=13,<14'"
              : library.startsWith("libcublas")
                  ? "'nvidia-cublas>=13,<14'"
                  : "'nvidia-cudnn-cu13>=9,<10'");
    }
    return packages;
  }

  private static UserError refused(String why) {
    return new UserError(
        "Cannot try a card: %s. Or give --device cpu, to try the processor.".formatted(why));
  }

  static String line(String what, String text) {
    return "%-10s %s".formatted(what, text);
  }
}
