package org.graft.backbone;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The driver's own program, which knows the cards of a machine. */
public record NvidiaSmi(Path program) {
  private static final String NAME = "nvidia-smi";
  private static final int SECONDS = 10;
  private static final int MOST_BYTES = 1 << 16;

  /**
   * That of the {@code PATH}; empty where there is none.
   *
   * @param environment usually {@link System#getenv()}
   */
  public static Optional<NvidiaSmi> of(Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, NAME))
        .filter(Files::isExecutable)
        .findFirst()
        .map(NvidiaSmi::new);
  }

  /**
   * What it prints.
   *
   * @throws IOException if it fails, or does not answer in ten seconds
   */
  public String ask(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path answer = Files.createTempFile("graft-gpus", ".txt"); // a pipe could fill, or stay open
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("no answer in " + SECONDS + " s");
      }
      String text = start(answer);
      if (process.exitValue() != 0) {
        throw new IOException("exit code " + process.exitValue() + ", " + text);
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(answer);
    }
  }

  private static String start(Path answer) throws IOException {
    try (InputStream in = Files.newInputStream(answer)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
    }
  }
}
