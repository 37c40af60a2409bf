package org.graft.backbone;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which cards a library has machine code for. None of those that Graft uses has code that the
 * driver could translate for a card of later make.
 *
 * @param library for messages
 * @param levels compute capabilities
 * @param leastDriver first part of the driver's version
 */
public record CardSupport(String library, List<Range> levels, int leastDriver) {
  /**
   * Compute capabilities, ten times: 8.0 to 8.9 is 80 to 89.
   *
   * @param most included
   */
  public record Range(int least, int most) {
    @Override
    public String toString() {
      return least == most ? text(least) : text(least) + " to " + text(most);
    }

    private static String text(int level) {
      return level / 10 + "." + level % 10;
    }
  }

  /** Whether it has machine code that the card runs. */
  public boolean hasCode(Gpu card) {
    return levels.stream().anyMatch(it -> it.least() <= card.level() && card.level() <= it.most());
  }

  /** What is against that card; empty: nothing that is known. */
  public Optional<String> problem(Gpu card) {
    if (!hasCode(card)) {
      return Optional.of(
          "%s has no code for compute capability %s (it has %s)"
              .formatted(
                  library,
                  card.capability(),
                  levels.stream().map(Range::toString).collect(Collectors.joining(", "))));
    }
    return card.driverBranch() < leastDriver
        ? Optional.of(
            "%s needs driver %d or newer (got %s)".formatted(library, leastDriver, card.driver()))
        : Optional.empty();
  }
}
