package org.graft.doctor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** NVIDIA's cards, as the driver's own program lists them. */
final class Gpus {
  private static final String NAME = "gpu";
  private static final int SECONDS = 10;
  private static final String[] QUERY = {
    "--query-gpu=name,compute_cap,driver_version,memory.total", "--format=csv,noheader"
  };

  private Gpus() {}

  /**
   * @param path folders of programs, as {@code $PATH} has them
   */
  static Finding look(String path) {
    Optional<Path> program =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "nvidia-smi"))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Finding.ok(NAME, "none (there is no nvidia-smi): networks run on the processor");
    }
    try {
      return Finding.ok(NAME, list(program.get()) + ": not used, this build runs on the processor");
    } catch (IOException | UncheckedIOException e) {
      return Finding.warning(
          NAME,
          program.get() + ": " + e.getMessage(),
          "The driver does not answer: see what nvidia-smi itself prints. Networks run on the processor.");
    }
  }

  private static String list(Path program) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), QUERY[0], QUERY[1])
            .redirectErrorStream(true)
            .start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("no answer in " + SECONDS + " s");
      }
      String text =
          new String(process.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8).strip();
      if (process.exitValue() != 0) {
        throw new IOException("exit code " + process.exitValue() + ", " + text);
      }
      return String.join("; ", text.split("\\R"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
