package org.graft.sample;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days whose samples are taken: of folders {@code COLUMN=2026-01-31}, as Hive names them, or of
 * a column.
 *
 * @param since the first day; empty: from the first on
 * @param until the last day, which is taken too; empty: to the last
 */
public record DayRange(String column, String since, String until) {
  /** Values of absent config keys: all samples, whether they have a day or not. */
  static final DayRange DEFAULTS = new DayRange("date", "", "");

  /** Whether nothing is left out. */
  public boolean isAll() {
    return since.isEmpty() && until.isEmpty();
  }

  /** Whether {@code text} is empty or a day like 2026-01-31. */
  public static boolean isDay(String text) {
    return text.isEmpty() || day(text) != null;
  }

  /** Null where it is none. */
  private static LocalDate day(String text) {
    try {
      return text.length() == 10 ? LocalDate.parse(text) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** ISO days sort as texts. */
  public boolean holds(String day) {
    return day(day) != null
        && (since.isEmpty() || day.compareTo(since) >= 0)
        && (until.isEmpty() || day.compareTo(until) <= 0);
  }

  /**
   * Whether a file is of one of the days.
   *
   * @param path below the source's folder, beginning with a slash
   */
  public boolean holdsPath(String path) {
    Matcher folder = folder().matcher(path);
    return folder.find() && holds(folder.group(1));
  }

  /** The same path without the folder of its day. */
  public String withoutDay(String path) {
    return folder().matcher(path).replaceFirst("/");
  }

  private Pattern folder() {
    return Pattern.compile("/" + Pattern.quote(column) + "=([^/]*)/");
  }

  @Override
  public String toString() {
    return "%s %s to %s"
        .formatted(
            column, since.isEmpty() ? "the first" : since, until.isEmpty() ? "the last" : until);
  }
}
