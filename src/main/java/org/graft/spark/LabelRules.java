package org.graft.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.graft.common.NearestMatch;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Split;

/**
 * What labels and splits a sample may have.
 *
 * @param known the classes; empty: any
 * @param multiLabel whether there may be none, or several
 * @param needed whether a sample without any is rejected
 * @param numbers whether each must be a number
 */
record LabelRules(List<String> known, boolean multiLabel, boolean needed, boolean numbers)
    implements Serializable {

  /**
   * Sorted, each once.
   *
   * @param given null where none are
   * @return null where none are given, and none needed
   */
  List<String> labels(List<String> given) throws RejectedException {
    if (given != null && given.stream().anyMatch(label -> label == null || label.isBlank())) {
      throw new RejectedException(Reason.UNKNOWN_LABEL, "one of its labels is empty");
    }
    List<String> found = given == null ? List.of() : given.stream().distinct().sorted().toList();
    if (!needed && found.isEmpty() && (given == null || !multiLabel)) {
      return null;
    }
    if (!multiLabel && found.size() != 1) {
      throw new RejectedException(
          Reason.UNKNOWN_LABEL,
          found.isEmpty()
              ? "it has no label: put it into a class folder, or fill the label column"
              : "it has the labels " + found + ": set multiLabel: true to allow that");
    }
    if (multiLabel && given == null) {
      throw new RejectedException(
          Reason.UNKNOWN_LABEL,
          "it has no label: fill the label column (an empty list, or a separator alone, means none)");
    }
    if (numbers) {
      return List.of(number(found.get(0)));
    }
    for (String label : found) {
      if (!known.isEmpty() && !known.contains(label)) {
        throw new RejectedException(
            Reason.UNKNOWN_LABEL,
            "label '%s' is none of the %d in 'labels'.%s"
                .formatted(label, known.size(), NearestMatch.hint(label, known)));
      }
    }
    return found;
  }

  /** One text for each float, so that equal numbers are equal labels. */
  private static String number(String text) throws RejectedException {
    try {
      float value = new BigDecimal(text.strip()).floatValue();
      if (Float.isFinite(value)) {
        return Float.toString(value);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new RejectedException(
        Reason.NOT_A_NUMBER, "label '%s' is no number, but the head gives one".formatted(text));
  }

  /** Nothing where none is given. */
  static Optional<Split> split(String given) throws RejectedException {
    if (given == null || given.isBlank()) {
      return Optional.empty();
    }
    Optional<Split> split = Split.parse(given);
    if (split.isEmpty()) {
      throw new RejectedException(
          Reason.UNKNOWN_SPLIT,
          "split '%s' is none of train, validation and test".formatted(given));
    }
    return split;
  }
}
