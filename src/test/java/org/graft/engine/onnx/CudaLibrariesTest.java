package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
  @TempDir Path folder;

  private Path file(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private CudaLibraries.Found found(Map<String, String> environment) {
    return CudaLibraries.of(environment, List.of(folder + "/system")).find();
  }

  @Test
  void aPythonEnvironmentsPackagesCount() throws IOException {
    String packages = "venv/lib/python3.11/site-packages/nvidia/";
    Path runtime = file(packages + "cu13/lib/libcudart.so.13");
    Path cudnn = file(packages + "cudnn/lib/libcudnn.so.9");
    Path system = file("system/libcudnn.so.9");
    CudaLibraries.Found found = found(Map.of("VIRTUAL_ENV", folder + "/venv"));
    assertEquals(Map.of("libcudart.so.13", runtime, "libcudnn.so.9", cudnn), found.found());
    assertEquals(List.of("libcublasLt.so.13", "libcublas.so.13"), found.missing());
    assertEquals(system, found(Map.of()).found().get("libcudnn.so.9"));
  }

  /** As it was said on a machine with the libraries and without a card. */
  @Test
  void cudasOwnWordsAreTakenOutOfOnnxRuntimes() {
    assertEquals(
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version",
        CudaProvider.inShort(
            "Parse Failed to parse provider option \"device_id\": CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=vm"));
    assertEquals("no kernel", CudaProvider.inShort(" no kernel\n"));
  }

  @Test
  void whatTheUserNamesGoesFirst() throws IOException {
    Path named = file("mine/libcudart.so.13");
    Path other = file("other/libcudart.so.13");
    file("system/libcudart.so.13");
    String both = folder + "/nowhere:" + folder + "/other";
    assertEquals(other, found(Map.of("LD_LIBRARY_PATH", both)).found().get("libcudart.so.13"));
    assertEquals(
        named,
        found(Map.of("LD_LIBRARY_PATH", both, "GRAFT_CUDA_LIBRARIES", folder + "/mine"))
            .found()
            .get("libcudart.so.13"));
  }
}
