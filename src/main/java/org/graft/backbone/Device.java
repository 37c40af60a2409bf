package org.graft.backbone;

import org.graft.common.Checks;

/**
 * Where a network computes: on the processor, or on one CUDA card.
 *
 * @param ordinal of the card among those that this process sees, as CUDA counts them; -1: none
 */
public record Device(int ordinal) {
  /** The processor. */
  public static final Device CPU = new Device(-1);

  /** Checks. */
  public Device {
    Checks.argument(ordinal >= -1, "a card's ordinal is at least 0, got %d", ordinal);
  }

  /** That card. */
  public static Device cuda(int ordinal) {
    Checks.argument(ordinal >= 0, "a card's ordinal is at least 0, got %d", ordinal);
    return new Device(ordinal);
  }

  /** Whether it is a card. */
  public boolean isCuda() {
    return ordinal >= 0;
  }

  @Override
  public String toString() {
    return isCuda() ? "cuda:" + ordinal : "cpu";
  }
}
