package org.graft.job;

import java.util.ArrayList;
import java.util.List;
import org.graft.common.UserError;
import org.graft.head.TrainedHead.Output;
import org.graft.sample.DatasetCard;
import org.graft.sample.Labels;
import org.graft.sample.Split;

/** What one should know about an index before training on it, a line each. */
final class IndexNotes {
  private IndexNotes() {}

  static List<String> of(DatasetCard card, String source, boolean reused) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "index      %d samples of %s in %s (train %d, validation %d, test %d)%s"
            .formatted(
                card.samples(),
                card.labels().equals(Labels.VALUE.names())
                    ? "a number each"
                    : card.labels().size() + " classes",
                source,
                card.count(Split.TRAIN),
                card.count(Split.VALIDATION),
                card.count(Split.TEST),
                reused ? ", as before" : ""));
    if (card.duplicates() > 0) {
      notes.add("index      %d duplicates count once".formatted(card.duplicates()));
    }
    if (card.conflicts() > 0) {
      notes.add(
          "warning: %d pictures occur under different labels; the first path's label counts, for instance %s"
              .formatted(card.conflicts(), card.conflictExamples()));
    }
    if (card.rejected() > 0) {
      notes.add("index      %d rejected".formatted(card.rejected()));
    }
    missing(notes, card, Split.TRAIN, "the head cannot learn them");
    missing(notes, card, Split.TEST, "the evaluation says nothing about them");
    return notes;
  }

  /** What no training, or no evaluation, can come of, before the long work begins. */
  static void refuse(DatasetCard card, Output output, Verb verb) {
    boolean several = output == Output.SOFTMAX || output == Output.ORDINAL;
    if (verb.includes(Verb.TRAIN) && card.labels().size() < 2 && several) {
      throw new UserError(
          "Cannot train: the samples have %d class%s, and a head tells at least 2 apart. Add samples of another class, or set multiLabel: true."
              .formatted(
                  card.labels().size(), card.labels().size() == 1 ? " " + card.labels() : "es"));
    }
    if (verb.includes(Verb.TRAIN) && card.count(Split.TRAIN) == 0) {
      throw none("train", Split.TRAIN, card);
    }
    if (verb.includes(Verb.EVALUATE) && card.count(Split.TEST) == 0) {
      throw none("evaluate", Split.TEST, card);
    }
  }

  private static UserError none(String verb, Split split, DatasetCard card) {
    return new UserError(
        "Cannot %s: the %s split has no usable sample (of %d). Raise split.%s, or add samples."
            .formatted(verb, split.id(), card.samples(), split.id()));
  }

  private static void missing(
      List<String> notes, DatasetCard card, Split split, String consequence) {
    List<String> labels =
        card.labels().stream().filter(label -> card.count(label, split) == 0).toList();
    if (!labels.isEmpty()) {
      notes.add(
          "warning: %d %s no %s sample: %s. Which: %s. Add samples, or change seed or split."
              .formatted(
                  labels.size(),
                  labels.size() == 1 ? "class has" : "classes have",
                  split.id(),
                  consequence,
                  labels.size() > 10 ? labels.subList(0, 10) + "..." : labels));
    }
  }
}
