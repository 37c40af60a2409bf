package org.graft.job;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.common.UserError;

/**
 * Options that only some verbs have.
 *
 * @param ifChanged whether a run with nothing new ends at once
 * @param runDate what {@code ${run-date}} stands for; null: nothing
 * @param to version to roll back to; 0: the one before
 * @param delete whether what is found is deleted, not only told
 * @param olderThan days since its last change after which something may be deleted
 * @param samples that a plan is rehearsed on; 0: it is not
 */
record VerbOptions(
    boolean ifChanged, LocalDate runDate, int to, boolean delete, int olderThan, int samples) {
  static final VerbOptions NONE = new VerbOptions(false, null, 0, false, 7, 200);

  private static final Map<String, Set<Verb>> VERBS =
      Map.of(
          "--if-changed",
          Set.of(Verb.RUN),
          "--run-date",
          Set.of(
              Verb.INDEX,
              Verb.EXTRACT,
              Verb.TRAIN,
              Verb.EVALUATE,
              Verb.PUBLISH,
              Verb.RUN,
              Verb.PLAN,
              Verb.SCORE,
              Verb.PACK,
              Verb.GC,
              Verb.ROLLBACK),
          "--to",
          Set.of(Verb.ROLLBACK),
          "--delete",
          Set.of(Verb.GC),
          "--older-than",
          Set.of(Verb.GC),
          "--samples",
          Set.of(Verb.PLAN));

  static boolean isOption(String name) {
    return VERBS.containsKey(name);
  }

  /**
   * With one more.
   *
   * @param rest where its value is, if it has one
   */
  VerbOptions with(Verb verb, String name, Iterator<String> rest) {
    if (!VERBS.get(name).contains(verb)) {
      List<String> verbs = VERBS.get(name).stream().map(Verb::id).sorted().toList();
      throw new UserError(
          "Cannot run '%s': %s is an option of %s only. Leave it out."
              .formatted(verb.id(), name, verbs));
    }
    return switch (name) {
      case "--if-changed" -> new VerbOptions(true, runDate, to, delete, olderThan, samples);
      case "--delete" -> new VerbOptions(ifChanged, runDate, to, true, olderThan, samples);
      case "--to" ->
          new VerbOptions(ifChanged, runDate, number(name, rest, 1), delete, olderThan, samples);
      case "--older-than" ->
          new VerbOptions(ifChanged, runDate, to, delete, number(name, rest, 0), samples);
      case "--samples" ->
          new VerbOptions(ifChanged, runDate, to, delete, olderThan, number(name, rest, 0));
      default -> new VerbOptions(ifChanged, date(name, rest), to, delete, olderThan, samples);
    };
  }

  private static int number(String name, Iterator<String> rest, int least) {
    String text = Arguments.value(name, rest);
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least) {
      throw new UserError(
          "Cannot run: %s has '%s': it must be a whole number from %d on."
              .formatted(name, text, least));
    }
    return Integer.parseInt(text);
  }

  private static LocalDate date(String name, Iterator<String> rest) {
    String text = Arguments.value(name, rest);
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new UserError(
          "Cannot run: %s has '%s': it must be a day like 2026-01-31.".formatted(name, text), e);
    }
  }
}
