package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/visible-gpus} as JAVA_HOME, with a Java that tells what it was given. */
class VisibleGpusTest {
  private static final String PROGRAM = "submit/visible-gpus/bin/java";
  private static final String RESOURCES =
      """
      [{"id":{"componentName":"spark.executor","resourceName":"fpga"},"addresses":["9"]},
       {"id":{"componentName":"spark.executor","resourceName":"gpu"},"addresses":["GPU-b", "3"]}]
      """;

  @TempDir Path folder;

  private String run(Path home, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(PROGRAM).toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GRAFT_JAVA_HOME", home.toString());
    builder.environment().put("CUDA_VISIBLE_DEVICES", "all of them");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private Path home() throws IOException {
    Path java = folder.resolve("home/bin/java");
    BuiltCheckout.write(
        java,
        "#!/bin/sh\nprintf '%s' \"$CUDA_VISIBLE_DEVICES\"\nfor a; do printf ' [%s]' \"$a\"; done\n");
    BuiltCheckout.executable(java);
    return folder.resolve("home");
  }

  @Test
  void javaSeesTheGpusThatSparkGave() throws Exception {
    Path file = Files.writeString(folder.resolve("resources.json"), RESOURCES);
    assertEquals(
        "GPU-b,3 [-Xmx1g] [a b] [--resourcesFile] [" + file + "]",
        run(home(), "-Xmx1g", "a b", "--resourcesFile", file.toString()));
  }

  @Test
  void withoutAFileNothingChanges() throws Exception {
    assertEquals("all of them [-version]", run(home(), "-version"));
  }

  @Test
  void whatIsMissingIsTold() throws Exception {
    assertEquals(
        "visible-gpus: Cannot read /none.json, which Spark names by --resourcesFile.",
        run(home(), "--resourcesFile", "/none.json"));
    assertEquals(
        "visible-gpus: Cannot find Java: '/none/bin/java' cannot be run. Set spark.executorEnv.GRAFT_JAVA_HOME to a JDK 17 on the workers.",
        run(Path.of("/none"), "-version"));
    Path itself = Path.of("submit/visible-gpus").toAbsolutePath();
    assertEquals(
        "visible-gpus: Cannot find Java: '%s/bin/java' cannot be run. Set spark.executorEnv.GRAFT_JAVA_HOME to a JDK 17 on the workers."
            .formatted(itself),
        run(itself, "-version"));
  }
}
