package org.graft.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The cards of this machine, as the driver's own program lists them. */
final class NvidiaSmi {
  private static final int SECONDS = 10;
  private static final int MOST_BYTES = 1 << 16;

  private NvidiaSmi() {}

  /** What this process sees of them. */
  static VisibleCards visible() {
    return new VisibleCards(System.getenv(VisibleCards.VARIABLE), NvidiaSmi::listed);
  }

  private static String listed() {
    try {
      Process process = new ProcessBuilder("nvidia-smi", "-L").redirectErrorStream(true).start();
      try {
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        return ended && process.exitValue() == 0
            ? new String(process.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
            : "";
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return ""; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
