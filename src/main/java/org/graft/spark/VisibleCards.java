package org.graft.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.graft.backbone.NvidiaSmi;
import org.graft.common.UserError;

/**
 * The cards that a process sees, to tell which of them an address of Spark's is: CUDA counts those
 * that {@code CUDA_VISIBLE_DEVICES} names, in its order, or all of them where it is not set.
 *
 * @param variable the value of {@code CUDA_VISIBLE_DEVICES}; null: not set
 * @param listed what {@code nvidia-smi -L} prints here; empty if it does not answer. Asked only
 *     where the address is a UUID and the variable is not set
 */
record VisibleCards(String variable, Supplier<String> listed) {
  static final String VARIABLE = "CUDA_VISIBLE_DEVICES";
  private static final String UUID = "(UUID: ";
  private static final String MIG = "MIG-";

  /** Of this process. */
  static VisibleCards here() {
    return new VisibleCards(System.getenv(VARIABLE), VisibleCards::ofDriver);
  }

  private static String ofDriver() {
    Optional<NvidiaSmi> program = NvidiaSmi.of(System.getenv());
    try {
      return program.isEmpty() ? "" : program.get().ask("-L");
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * @param address an index as nvidia-smi counts, a card's UUID or that of a MIG instance
   * @return the ordinal as CUDA counts in this process
   * @throws UserError if it is none of those that this process sees
   */
  int ordinal(String address) {
    if (variable != null) {
      return among(List.of(variable.split(",", -1)), address);
    }
    return address.matches("\\d{1,9}") ? Integer.parseInt(address) : byUuid(address);
  }

  private int among(List<String> entries, String address) {
    for (int i = 0; i < entries.size(); i++) {
      if (means(entries.get(i).strip(), address)) {
        return oneInstance(i, entries, address);
      }
    }
    throw new UserError(
        "Cannot use GPU '%s', which Spark gave to this task: this process sees %s=%s alone. Let the discovery script name what is visible, as submit/discover-gpus.sh does, or unset %s for workers and executors."
            .formatted(address, VARIABLE, variable, VARIABLE));
  }

  /** CUDA takes the beginning of a UUID for all of it. */
  private static boolean means(String entry, String address) {
    boolean uuid = entry.startsWith("GPU-") || entry.startsWith(MIG);
    return entry.equals(address) || (uuid && address.startsWith(entry));
  }

  /** CUDA shows no more than one MIG instance to a process, the first. */
  private static int oneInstance(int at, List<String> cards, String address) {
    if (address.startsWith(MIG) && at > 0) {
      throw new UserError(
          "Cannot use MIG instance '%s': CUDA shows a process one instance alone, here %s. Give each executor one: spark.executor.resource.gpu.amount=1, and %s in its environment."
              .formatted(address, cards.get(0), VARIABLE));
    }
    return at;
  }

  private int byUuid(String address) {
    List<String> cards = uuids(address.startsWith(MIG));
    int at = cards.indexOf(address);
    if (at < 0) {
      throw new UserError(
          "Cannot tell which card '%s' is, which Spark gave to this task: %s is not set, and nvidia-smi lists %s here. Let the discovery script print indices, as submit/discover-gpus.sh does, or set %s for executors."
              .formatted(address, VARIABLE, cards.isEmpty() ? "none" : cards, VARIABLE));
    }
    return oneInstance(at, cards, address);
  }

  /** Of cards, or of the instances on them. */
  private List<String> uuids(boolean instances) {
    List<String> found = new ArrayList<>();
    for (String line : listed.get().lines().toList()) {
      int at = line.indexOf(UUID);
      int end = line.indexOf(')', Math.max(at, 0));
      if (at >= 0 && end > at && line.strip().startsWith(instances ? "MIG " : "GPU ")) {
        found.add(line.substring(at + UUID.length(), end));
      }
    }
    return found;
  }
}
