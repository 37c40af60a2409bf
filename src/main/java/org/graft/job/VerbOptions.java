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
 * @param backbones to rank, as {@code NAME}, {@code NAME@CUT} or {@code NAME@*}; empty: those here
 * @param sample about so many samples to rank by; 0: by how many there are
 */
record VerbOptions(
    boolean ifChanged,
    LocalDate runDate,
    int to,
    boolean delete,
    int olderThan,
    int samples,
    List<String> backbones,
    int sample) {
  static final VerbOptions NONE = new VerbOptions(false, null, 0, false, 7, 200);

  private static final int MOST_SAMPLE = 20_000;

  /** Of what is not ranked. */
  VerbOptions(
      boolean ifChanged, LocalDate runDate, int to, boolean delete, int olderThan, int samples) {
    this(ifChanged, runDate, to, delete, olderThan, samples, List.of(), 0);
  }

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
          Set.of(Verb.PLAN),
          "--backbones",
          Set.of(Verb.RANK),
          "--sample",
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
      case "--if-changed" -> new VerbOptions(true, runDate, to, delete, olderThan, samples);
      case "--delete" -> new VerbOptions(ifChanged, runDate, to, true, olderThan, samples);
      case "--to" ->
          new VerbOptions(ifChanged, runDate, number(name, rest, 1), delete, olderThan, samples);
      case "--older-than" ->
          new VerbOptions(ifChanged, runDate, to, delete, number(name, rest, 0), samples);
      case "--samples" ->
          new VerbOptions(ifChanged, runDate, to, delete, olderThan, number(name, rest, 0));
      case "--backbones" -> ranking(names(Arguments.value(name, rest)), sample);
      case "--sample" -> ranking(backbones, sample(name, rest));
      default -> on(date(name, rest));
    };
  }

  private VerbOptions on(LocalDate day) {
    return new VerbOptions(ifChanged, day, to, delete, olderThan, samples, backbones, sample);
  }

  private VerbOptions ranking(List<String> names, int sampled) {
    return new VerbOptions(ifChanged, runDate, to, delete, olderThan, samples, names, sampled);
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

  private static int sample(String name, Iterator<String> rest) {
    int asked = number(name, rest, 20);
    if (asked > MOST_SAMPLE) {
      throw new UserError(
          "Cannot run: %s has '%d': it must be 20 to %d.".formatted(name, asked, MOST_SAMPLE));
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
