package org.graft.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit/gpu/run} with a Java that only says how it was called. */
class RunScriptTest {
  @TempDir Path folder;

  private Path packed;

  private record Ran(int status, String output) {}

  @BeforeEach
  void pack() throws IOException {
    packed = Files.createDirectories(folder.resolve("packed/graft-gpu"));
    Files.createDirectories(packed.resolve("app"));
    script(
        packed.resolve("jre/bin/java"),
        "echo \"libraries $LD_LIBRARY_PATH\"; echo \"called $*\"; exit 1");
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private Ran run(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("LD_LIBRARY_PATH", "/named/by/user");
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private Ran run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("submit/gpu/run"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Path archive(String... tarArguments) throws IOException, InterruptedException {
    Path archive = folder.resolve("archive.tar.xz");
    List<String> tar =
        new ArrayList<>(List.of("tar", "-cJPf", archive.toString(), "-C", packed.getParent() + ""));
    tar.addAll(List.of(tarArguments));
    assertEquals(0, run(tar).status());
    return archive;
  }

  @Test
  void librariesOfAPythonAreFound() throws IOException, InterruptedException {
    Path site = folder.resolve("env/lib/python3.12/site-packages");
    for (String part : List.of("nvidia/cu13/lib", "nvidia/cudnn/lib")) {
      Files.createDirectories(site.resolve(part));
    }
    Files.createFile(site.resolve("nvidia/cudnn/lib/libcudnn.so.8"));
    assumeTrue(run(List.of("python3", "--version")).status() == 0, "there is no python3");
    Path python = folder.resolve("env/bin/python3");
    script(python, "PYTHONPATH=" + site + " exec python3 \"$@\"");

    Ran ran = run(packed.toString(), "--python", python.toString(), "--device", "cpu");

    assertEquals(1, ran.status()); // the smoke test's own
    assertTrue(
        ran.output()
            .contains(
                "libraries /named/by/user:%1$s/nvidia/cu13/lib:%1$s/nvidia/cudnn/lib"
                    .formatted(site)),
        ran.output());
    assertTrue(ran.output().contains("libcudnn.so.8 is of another version"), ran.output());
    assertTrue(ran.output().contains("org.graft.bench.SmokeTest --device cpu"), ran.output());
  }

  @Test
  void anArchiveIsUnpackedAndRemoved() throws IOException, InterruptedException {
    Path archive = archive("graft-gpu");
    Ran ran = run(archive.toString(), "--device", "cpu");
    assertEquals(1, ran.status());
    assertTrue(ran.output().contains("SmokeTest --device cpu"), ran.output());
    try (var left = Files.list(folder)) {
      assertFalse(left.anyMatch(file -> file.getFileName().toString().startsWith("graft-gpu.")));
    }
    Path kept = folder.resolve("kept");
    assertEquals(1, run(archive.toString(), "--to", kept.toString()).status());
    assertTrue(Files.isExecutable(kept.resolve("graft-gpu/jre/bin/java")));
    assertEquals(2, run(archive.toString(), "--to", kept.toString()).status());
  }

  @Test
  void whatWouldLeaveTheFolderIsRefused() throws IOException, InterruptedException {
    Path outside = Files.writeString(folder.resolve("outside"), "as it was");
    refused(archive("graft-gpu", outside.toString()), outside.toString());
    refused(archive("graft-gpu/../../outside"), "graft-gpu/../../outside");
    refused(archive("../outside"), "../outside");
    Files.createSymbolicLink(packed.resolve("link"), Path.of("/etc"));
    refused(archive("graft-gpu"), "lrwxrwxrwx");
    assertEquals("as it was", Files.readString(outside));
  }

  private void refused(Path archive, String entry) throws IOException, InterruptedException {
    Ran ran = run(archive.toString());
    assertEquals(2, ran.status(), ran.output());
    assertTrue(ran.output().contains("its entry '" + entry), ran.output());
    assertFalse(ran.output().contains("called"), ran.output());
  }

  @Test
  void wrongCommandsAndPlacesAreRefused() throws IOException, InterruptedException {
    assertEquals(2, run("--devcie", "cpu").status());
    assertEquals(2, run("--python").status());
    assertEquals(2, run("one", "two").status());
    assertEquals(2, run(packed.getParent().toString()).status());
    Path damaged = Files.writeString(folder.resolve("damaged.tar.xz"), "no archive");
    assertEquals(2, run(damaged.toString()).status());
    assertEquals(0, run("--help").status());
  }
}
