package org.graft.backbone;

import java.util.function.Supplier;

/** What the driver of a job knows about the cards that its networks would compute on. */
public sealed interface Cards {
  /**
   * This process computes itself.
   *
   * @param gpus asked only where somebody wants to know
   */
  record Here(Supplier<Gpus> gpus) implements Cards {}

  /**
   * Executors compute, each with cards of its own.
   *
   * @param promised whether Spark was asked to give them some
   */
  record AtExecutors(boolean promised) implements Cards {}

  /** Those of this machine. */
  static Cards here() {
    return new Here(() -> Gpus.of(System.getenv()));
  }
}
