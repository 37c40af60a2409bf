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
 * @param samples to rehearse a plan on, 0: none; or to rank by. Negative: as many as the verb takes
 * @param backbones to rank, as {@code NAME}, {@code NAME@CUT} or {@code NAME@*}; empty: those here
 */
record VerbOptions(
    boolean ifChanged,
    LocalDate runDate,
    int to,
    boolean delete,
    int olderThan,
    int samples,
    List<String> backbones) {
  static final VerbOptions NONE = new VerbOptions(false, null, 0, false, 7, -1, List.of());

  private static final int LEAST_TO_RANK = 20;
  private static final int MOST_SAMPLES = 20_000;

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
              Verb.RANK,
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
          Set.of(Verb.PLAN, Verb.RANK),
          "--backbones",
          Set.of(Verb.RANK));

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
      case "--if-changed" ->
          new VerbOptions(true, runDate, to, delete, olderThan, samples, backbones);
      case "--delete" ->
          new VerbOptions(ifChanged, runDate, to, true, olderThan, samples, backbones);
      case "--to" ->
          new VerbOptions(
              ifChanged, runDate, number(name, rest, 1), delete, olderThan, samples, backbones);
      case "--older-than" ->
          new VerbOptions(
              ifChanged, runDate, to, delete, number(name, rest, 0), samples, backbones);
      case "--samples" ->
          new VerbOptions(
              ifChanged, runDate, to, delete, olderThan, samples(verb, name, rest), backbones);
      case "--backbones" ->
          new VerbOptions(
              ifChanged,
              runDate,
              to,
              delete,
              olderThan,
              samples,
              names(Arguments.value(name, rest)));
      default ->
          new VerbOptions(ifChanged, date(name, rest), to, delete, olderThan, samples, backbones);
    };
  }

  private static List<String> names(String text) {
    List<String> names = List.of(text.split(",", -1));
    if (names.contains("") || names.stream().distinct().count() < names.size()) {
      throw new UserError(
          "Cannot run: --backbones has '%s': name networks with commas between, each once, like mobilenetv2.coco,resnet50.tv_in1k@layer3."
              .formatted(text));
    }
    return names;
  }

  private static int samples(Verb verb, String name, Iterator<String> rest) {
    int asked = number(name, rest, verb == Verb.RANK ? LEAST_TO_RANK : 0);
    if (asked > MOST_SAMPLES) {
      throw new UserError(
          "Cannot run: %s has '%d': it must be at most %d.".formatted(name, asked, MOST_SAMPLES));
    }
    return asked;
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
