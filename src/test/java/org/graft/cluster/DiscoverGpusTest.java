package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/discover-gpus.sh} with an {@code nvidia-smi} that prints what it is told to. */
class DiscoverGpusTest {
  private static final String PLAIN =
      """
      GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaaaaaa-0000-0000-0000-000000000000)
      GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-bbbbbbbb-0000-0000-0000-000000000000)
      """;
  private static final String CUT =
      """
      GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaaaaaa-0000-0000-0000-000000000000)
        MIG 3g.20gb     Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
        MIG 3g.20gb     Device  1: (UUID: MIG-GPU-aaaaaaaa-0000-0000-0000-000000000000/2/0)
      GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbbbbbbb-0000-0000-0000-000000000000)
      """;

  @TempDir Path folder;
  private Path programs;

  private record Result(int exit, String out, String err) {
    List<String> addresses() {
      assertEquals(0, exit, err);
      ResourceInformation read = ResourceInformation.parseJson(out.strip()); // as Spark reads it
      assertEquals("gpu", read.name());
      return List.of(read.addresses());
    }

    String refusal() {
      assertEquals(1, exit, out);
      assertEquals("", out);
      return err.strip();
    }
  }

  /** Programs that the script uses, so that a driver of this machine's is not seen. */
  @BeforeEach
  void hideTheMachinesOwn() throws IOException {
    programs = Files.createDirectory(folder.resolve("bin"));
    for (String name : List.of("sh", "awk", "sed", "tr", "grep", "head", "cat")) {
      Path real =
          List.of("/usr/bin", "/bin").stream()
              .map(place -> Path.of(place, name))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(programs.resolve(name), real);
    }
  }

  private void nvidiaSmi(int exit, String prints) throws IOException {
    Path answer = Files.writeString(folder.resolve("answer"), prints);
    Path program = programs.resolve("nvidia-smi");
    Files.writeString(
        program,
        "#!/bin/sh\n[ \"$*\" = -L ] || exit 9\ncat '%s'\nexit %d\n".formatted(answer, exit));
    BuiltCheckout.executable(program);
  }

  private Result run(Map<String, String> environment) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("submit/discover-gpus.sh").toAbsolutePath().toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().put("PATH", programs.toString());
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Result(exit, Files.readString(out), Files.readString(err));
  }

  @Test
  void plainCardsAreTheirIndices() throws Exception {
    nvidiaSmi(0, PLAIN);
    assertEquals(List.of("0", "1"), run(Map.of()).addresses());
  }

  @Test
  void instancesOfCardsThatAreCutAreTheirUuids() throws Exception {
    nvidiaSmi(0, CUT);
    assertEquals(
        List.of(
            "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f",
            "MIG-GPU-aaaaaaaa-0000-0000-0000-000000000000/2/0",
            "GPU-bbbbbbbb-0000-0000-0000-000000000000"),
        run(Map.of()).addresses());
  }

  @Test
  void whatIsVisibleIsWhatTheVariableNames() throws Exception {
    nvidiaSmi(0, PLAIN);
    assertEquals(List.of("1"), run(Map.of("CUDA_VISIBLE_DEVICES", "1")).addresses());
    assertEquals(
        List.of("GPU-b", "3"), run(Map.of("CUDA_VISIBLE_DEVICES", "GPU-b, 3")).addresses());
    assertEquals(
        "discover-gpus.sh: Cannot find GPUs: CUDA_VISIBLE_DEVICES='-1' hides all of them. Unset it, or ask for no GPUs here.",
        run(Map.of("CUDA_VISIBLE_DEVICES", "-1")).refusal());
    assertTrue(run(Map.of("CUDA_VISIBLE_DEVICES", "")).refusal().contains("hides all"));
    assertEquals(
        "discover-gpus.sh: Cannot read the GPU '1\"': it is no index and no UUID. Correct CUDA_VISIBLE_DEVICES.",
        run(Map.of("CUDA_VISIBLE_DEVICES", "0,1\"")).refusal());
  }

  @Test
  void noCardsIsAFailureThatSaysSo() throws Exception {
    assertEquals(
        "discover-gpus.sh: Cannot find GPUs: there is no nvidia-smi on the PATH. Install the NVIDIA driver (in containers: run with its runtime), or ask for no GPUs here.",
        run(Map.of()).refusal());
    nvidiaSmi(0, "No devices found.\n");
    assertEquals(
        "discover-gpus.sh: Cannot find GPUs: nvidia-smi lists none, 'No devices found.'. Ask for no GPUs here.",
        run(Map.of()).refusal());
  }

  @Test
  void aBrokenDriverIsTold() throws Exception {
    nvidiaSmi(9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n");
    assertEquals(
        "discover-gpus.sh: Cannot find GPUs: nvidia-smi fails, 'NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.'. Mend the driver, or ask for no GPUs here.",
        run(Map.of()).refusal());
  }
}
