package org.graft.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * One measured figure.
 *
 * @param backbone name of the network, or of the one whose preprocessing is measured; empty: none
 * @param engine what computes
 * @param precision fp32 or int8; uint8 for pixels; {@code published}: as the file has it
 * @param batch samples a call
 * @param threads that call at the same time
 * @param percentOfPeak arithmetic done a CPU-second in percent of what a core can do in that
 *     precision; null where it is not arithmetic that limits, or the peak is not known
 * @param more figures by name
 */
public record BenchRecord(
    What what,
    String backbone,
    String engine,
    String precision,
    int batch,
    int threads,
    double samplesPerSecond,
    double samplesPerCpuSecond,
    Double percentOfPeak,
    Map<String, Object> more) {

  /** What was measured; the names are those in the JSON. */
  public enum What {
    GEMM("gemm"),
    DECODE("decode"),
    NETWORK("network"),
    END_TO_END("endToEnd"),
    TEXT("text"),
    AUDIO("audio");

    private final String id;

    What(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }
  }

  public BenchRecord {
    more = new TreeMap<>(more);
  }
}
