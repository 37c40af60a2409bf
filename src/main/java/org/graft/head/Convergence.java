package org.graft.head;

import org.graft.common.Checks;

/**
 * When the search for an optimum ends.
 *
 * @param iterations most of them; each is a pass over the samples, or a few
 * @param tolerance the gradient's norm, as a share of that at all-zero parameters, that counts as
 *     none
 */
public record Convergence(int iterations, double tolerance) {
  /** What a config that says nothing gets. */
  public static final Convergence DEFAULTS = new Convergence(500, 1e-5);

  public Convergence {
    Checks.argument(iterations > 0, "iterations must be positive: %d", iterations);
    Checks.argument(
        tolerance > 0 && tolerance < 1, "tolerance must be above 0 and below 1: %s", tolerance);
  }
}
