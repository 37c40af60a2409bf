package org.graft.job;

import java.util.Locale;
import org.graft.rank.Ranked;
import org.graft.rank.Ranking;
import org.graft.rank.Ranking.Missing;

/** A ranking for people. */
final class RankTable {
  private static final int MOST_MISSING = 5;

  private RankTable() {}

  static String of(Ranking ranking) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-40s %6s %9s %8s %8s %9s %10s %s%n",
                "NETWORK@CUT",
                "WIDTH",
                "ACCURACY",
                "LOGME",
                "H-SCORE",
                "A SECOND",
                "ALL TAKE",
                ""));
    for (Ranked one : ranking.ranked()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-40s %6d %8.1f%% %8.3f %8.2f %9.1f %10s %s%n",
              one.name(),
              one.width(),
              100 * one.accuracy(),
              one.logMe(),
              one.hScore(),
              one.perSecond(),
              time(one.seconds()),
              note(ranking, one)));
    }
    text.append(String.format("%nrecommended: %s%n", ranking.reason()));
    for (Missing missing : ranking.missing().stream().limit(MOST_MISSING).toList()) {
      text.append(String.format("not ranked: %s: %s%n", missing.backbone(), missing.why()));
    }
    if (ranking.missing().size() > MOST_MISSING) {
      text.append(
          String.format(
              "not ranked: %d more, which the summary lists (--json FILE)%n",
              ranking.missing().size() - MOST_MISSING));
    }
    return text.toString();
  }

  private static String note(Ranking ranking, Ranked one) {
    if (one.name().equals(ranking.recommended())) {
      return "recommended";
    }
    return ranking.isDominated(one) ? "dominated" : "";
  }

  private static String time(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    return seconds < 7200
        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }
}
