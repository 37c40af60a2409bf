package org.graft.backbone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** A machine as its {@code nvidia-smi} describes it: a shell script in a folder. */
public final class FakeDriver {
  public static final String L4 = card(0, "NVIDIA L4", "8.9", "580.65.06");
  public static final String RTX = card(1, "NVIDIA RTX A6000", "8.6", "580.65.06");
  public static final String H100 = card(0, "NVIDIA H100 80GB HBM3", "9.0", "580.65.06");
  public static final String V100 = card(0, "Tesla V100-SXM2-16GB", "7.0", "580.65.06");
  public static final String BLACKWELL = card(0, "NVIDIA RTX 5090", "12.0", "580.65.06");
  public static final String OLD_DRIVER = card(0, "NVIDIA L4", "8.9", "550.54.15");

  private final Path folder;

  public FakeDriver(Path folder) {
    this.folder = folder;
  }

  static String card(int index, String name, String capability, String driver) {
    return "%d, GPU-%d1f2a3b4-0000, %s, %s, %s, 23034 MiB"
        .formatted(index, index, name, capability, driver);
  }

  /** The environment of a process there. */
  public Map<String, String> with(String... cards) {
    return answers("cat <<'E'\n" + String.join("\n", cards) + "\nE");
  }

  public Map<String, String> answers(String script) {
    Path program = folder.resolve("nvidia-smi");
    try {
      Files.writeString(program, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("PATH", folder + ":/usr/bin:/bin");
  }

  public Gpus gpus(String... cards) {
    return Gpus.of(with(cards));
  }
}
