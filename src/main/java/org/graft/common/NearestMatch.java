package org.graft.common;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name with the smallest edit distance, if it is near at all. */
public final class NearestMatch {
  private NearestMatch() {}

  public static Optional<String> of(String name, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(2, name.length() / 2) + 1;
    for (String candidate : known) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** " Did you mean 'x'?" or nothing. */
  public static String hint(String name, Collection<String> known) {
    return of(name, known).map(near -> " Did you mean '" + near + "'?").orElse("");
  }

  /** Levenshtein's distance, two rows of the table at a time. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
