package org.graft.rank;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Networks in the order of their accuracy, and one that is recommended.
 *
 * @param ranked the most accurate first
 * @param missing what could not be measured
 * @param recommended its {@link Ranked#name}
 * @param reason why it is that one, as a sentence
 */
public record Ranking(
    List<Ranked> ranked, List<Missing> missing, String recommended, String reason) {
  /**
   * A network that could not be measured.
   *
   * @param why as a sentence
   */
  public record Missing(String backbone, String why) {}

  /** Of equally accurate ones that with more evidence, then the faster one. */
  private static final Comparator<Ranked> BEST =
      Comparator.comparingDouble(Ranked::accuracy)
          .thenComparingDouble(Ranked::logMe)
          .reversed()
          .thenComparingDouble(Ranked::seconds)
          .thenComparing(Ranked::name);

  /**
   * @param measured at least one
   */
  public static Ranking of(List<Ranked> measured, List<Missing> missing) {
    List<Ranked> ranked = measured.stream().sorted(BEST).toList();
    Ranked best = ranked.get(0);
    String reason =
        String.format(
            Locale.ROOT,
            "%s is right about %.1f %% of %d samples that its head has not seen (standard error %.1f points)%s%s",
            best.name(),
            100 * best.accuracy(),
            best.samples(),
            100 * best.standardError(),
            ranked.size() == 1 ? ", and there was no other" : ", more than any other",
            cheaper(ranked).map(Ranking::hint).orElse("."));
    return new Ranking(ranked, List.copyOf(missing), best.name(), reason);
  }

  /** The fastest one that the sample cannot tell from the best, if it takes half the time. */
  private static Optional<Ranked> cheaper(List<Ranked> ranked) {
    Ranked best = ranked.get(0);
    return ranked.stream()
        .filter(one -> best.accuracy() - one.accuracy() <= best.standardError())
        .filter(one -> one.seconds() <= best.seconds() / 2)
        .min(Comparator.comparingDouble(Ranked::seconds));
  }

  private static String hint(Ranked cheaper) {
    return String.format(
        Locale.ROOT,
        ". %s is within the error (%.1f %%) and takes half the time or less.",
        cheaper.name(),
        100 * cheaper.accuracy());
  }

  /** Whether another one is better in accuracy or time, and in neither worse. */
  public boolean isDominated(Ranked one) {
    return ranked.stream().anyMatch(one::isDominatedBy);
  }
}
