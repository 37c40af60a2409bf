package org.graft.engine.onnx;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries of CUDA and cuDNN that ONNX Runtime's CUDA provider asks the system for by name.
 * Those of a Python environment's {@code nvidia-*} packages lie where the system does not look, so
 * they are loaded beforehand, by their paths: a library that is loaded is found by its name.
 */
public final class CudaLibraries {
  /** What to do where some are missing. */
  public static final String FIX =
      "Install CUDA 13 and cuDNN 9 of NVIDIA's packages, or `pip install nvidia-cublas nvidia-cuda-runtime nvidia-cudnn-cu13` into an environment, and name it by GRAFT_CUDA_LIBRARIES; or set backbone.device: cpu";

  /** In the order in which they need each other. */
  static final List<String> NAMES =
      List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcudnn.so.9");

  private static final Logger log = LoggerFactory.getLogger(CudaLibraries.class);
  private static final List<String> SYSTEM =
      List.of(
          "/usr/local/cuda/lib64",
          "/usr/local/cuda-13/lib64",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/usr/lib");

  private final List<Path> folders;

  private CudaLibraries(List<Path> folders) {
    this.folders = folders;
  }

  /**
   * What was looked for.
   *
   * @param found name to file, in the order of loading
   * @param missing names
   */
  public record Found(Map<String, Path> found, List<String> missing) {}

  /**
   * Looks in the folders of {@code GRAFT_CUDA_LIBRARIES} and {@code LD_LIBRARY_PATH}, in the Python
   * environment of {@code VIRTUAL_ENV} or {@code CONDA_PREFIX}, and where packages put them. Each
   * of them may be a Python environment, too.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static CudaLibraries of(Map<String, String> environment) {
    return of(environment, SYSTEM);
  }

  static CudaLibraries of(Map<String, String> environment, List<String> system) {
    Set<Path> folders = new LinkedHashSet<>();
    for (String name :
        List.of("GRAFT_CUDA_LIBRARIES", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX")) {
      for (String folder : environment.getOrDefault(name, "").split(File.pathSeparator, -1)) {
        if (!folder.isEmpty()) {
          folders.add(Path.of(folder));
          folders.addAll(ofPython(Path.of(folder)));
        }
      }
    }
    system.forEach(folder -> folders.add(Path.of(folder)));
    return new CudaLibraries(List.copyOf(folders));
  }

  /** {@code lib/python3.*}{@code /site-packages/nvidia/}*{@code /lib} of an environment. */
  private static List<Path> ofPython(Path environment) {
    List<Path> found = new ArrayList<>();
    for (Path python : in(environment.resolve("lib"), "python3*")) {
      for (Path part : in(python.resolve("site-packages/nvidia"), "*")) {
        found.add(part.resolve("lib"));
      }
    }
    return found;
  }

  private static List<Path> in(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
      all.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // there is no such folder, or it is another's
    }
    found.sort(null);
    return found;
  }

  /** Where each is. */
  public Found find() {
    Map<String, Path> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : NAMES) {
      Optional<Path> file =
          folders.stream().map(it -> it.resolve(name)).filter(Files::isReadable).findFirst();
      file.ifPresentOrElse(it -> found.put(name, it), () -> missing.add(name));
    }
    return new Found(found, missing);
  }

  /**
   * Loads those that are found; what cannot be loaded is left to the system, and told in the log.
   */
  Found load() {
    Found all = find();
    all.found()
        .forEach(
            (name, file) -> {
              try {
                System.load(file.toAbsolutePath().toString());
              } catch (UnsatisfiedLinkError e) {
                log.warn("{} cannot be loaded: {}", file, e.getMessage());
              }
            });
    return all;
  }
}
