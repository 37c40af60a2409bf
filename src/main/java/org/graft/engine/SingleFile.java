package org.graft.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.graft.common.UserError;
import org.graft.weights.SafetensorsWriter;
import org.graft.weights.Sha256;
import org.graft.weights.Tensors;

/** Weights of several files as one safetensors file, named after its contents. */
final class SingleFile {
  private static final int BUFFER = 1 << 20;
  private static final int DIGITS = 16;

  private SingleFile() {}

  static Path write(Path source, Path folder) throws IOException {
    String stem = stem(source);
    Files.createDirectories(folder);
    Path scratch = folder.resolve("." + stem + "-" + UUID.randomUUID());
    try (Tensors tensors = WeightFiles.open(source)) {
      tensors.names().forEach(name -> check(source, name));
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(scratch, StandardOpenOption.CREATE_NEW), BUFFER)) {
        new SafetensorsWriter().addAll(tensors).writeTo(out);
      }
      String digest = Sha256.of(scratch).substring(0, DIGITS);
      return Files.move(
          scratch,
          folder.resolve(stem + "-" + digest + ".safetensors"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  /** Names in JSON may be anything, half characters too. */
  private static void check(Path source, String name) {
    if (!SafetensorsWriter.takes(name)) {
      throw new UserError(
          "Cannot write the weights in %s anew: safetensors has no tensor called '%s'. Rename it."
              .formatted(source, name));
    }
  }

  /** What stands before the first dot; only characters that any file system takes. */
  private static String stem(Path source) {
    Path name = source.toAbsolutePath().normalize().getFileName();
    String stem = name == null ? "" : name.toString().replaceFirst("\\..*", "");
    String safe = stem.replaceAll("[^A-Za-z0-9_-]", "_");
    return safe.isEmpty() || safe.startsWith("-") ? "weights" + safe : safe;
  }
}
