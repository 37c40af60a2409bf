package org.graft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.graft.Rehearsal.Extracted;
import org.graft.Rehearsal.Head;
import org.graft.head.Averaging;
import org.graft.head.HeadSpec;
import org.graft.head.RoundReport;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingPlan;

/**
 * What a job will take, by what its rehearsal took: what a few samples took, once, and so much for
 * every other sample as one took when all had begun to run well. Reading features back is left out:
 * it is nothing beside making them.
 */
public final class Forecast {
  private final Extracted extracted;
  private final Head head;
  private final Work work;

  /**
   * What there is to do.
   *
   * @param rows of the source
   * @param indexed whether the index is there already
   * @param pending samples whose features are not
   * @param train share of the samples that the head is trained on
   * @param views of each of those, itself among them
   * @param slots tasks that run at once, on all executors
   * @param threads of each
   * @param baseline whether another head is trained, on the same network with random weights
   */
  public record Work(
      long rows,
      boolean indexed,
      long pending,
      double train,
      int views,
      int slots,
      int threads,
      TrainingPlan plan,
      boolean baseline) {}

  /**
   * @param head null where none could be trained on so few samples
   */
  public Forecast(Extracted extracted, Head head, Work work) {
    this.extracted = extracted;
    this.head = head;
    this.work = work;
  }

  /** Seconds by step, in their order; a step that nothing is known of is absent. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("index", work.indexed() ? 0 : index());
    seconds.put("extract", work.pending() == 0 ? 0 : extract(work.pending(), work.slots()));
    if (head == null) {
      return seconds;
    }
    seconds.put("train", train());
    seconds.put("evaluate", head.evaluate());
    if (work.baseline()) {
      seconds.put("baseline", extract(work.rows(), work.slots()) + train() + head.evaluate());
    }
    seconds.put("publish", head.publish());
    return seconds;
  }

  private double index() {
    long more = work.rows() - extracted.source().first().card().indexed();
    return Math.max(
        0,
        extracted.source().indexSeconds() + more * extracted.source().hashSeconds() / work.slots());
  }

  /** Of all that is pending, with so many tasks at once. */
  public double extract(int slots) {
    return work.pending() == 0 ? 0 : extract(work.pending(), slots);
  }

  private double extract(long samples, int slots) {
    double passes = samples * (1 + work.train() * (work.views() - 1));
    return Math.max(
        0,
        extracted.seconds()
            + (passes - extracted.source().first().card().samples())
                * sampleSeconds()
                / (slots * work.threads()));
  }

  /** That a sample keeps one thread busy. */
  public double sampleSeconds() {
    return extracted.steady().seconds() / Math.max(1, extracted.steady().samples());
  }

  /** Rows that are trained on. */
  private double examples() {
    return work.rows() * work.train() * work.views();
  }

  private double train() {
    double rounds = head.rounds().stream().mapToDouble(it -> it.cost().wallSeconds()).sum();
    double once = head.train() - rounds;
    return once + rounds() * roundSeconds() + passes() * passSeconds();
  }

  /** Passes over the samples: as many as there may be. */
  private double passes() {
    if (HeadSpec.isSolved(work.plan().spec())) {
      return 0;
    }
    return searches()
        ? head.rounds().size() // an optimum is found in about as many steps
        : work.plan().options().epochs();
  }

  private boolean searches() {
    return work.plan().options().method() == Method.OPTIMUM;
  }

  /** Local steps are between what they begin with and the most: about the middle of both. */
  private double rounds() {
    if (searches()) {
      return passes();
    }
    Averaging.Graft averaging = work.plan().averaging().graft();
    double steps = Math.ceil(examples() / averaging.workers() / work.plan().options().batch());
    double most = Math.max(averaging.localSteps(), averaging.localStepsMost());
    return passes() * Math.ceil(steps / Math.sqrt(averaging.localSteps() * most));
  }

  /** What a round takes beside computing. */
  private double roundSeconds() {
    return late().stream()
        .mapToDouble(round -> round.cost().wallSeconds() - round.cost().slowestSeconds())
        .sorted()
        .skip(late().size() / 2)
        .findFirst()
        .orElse(0);
  }

  /** The computing of a pass over all samples, with as many workers at once as there are slots. */
  private double passSeconds() {
    int workers = work.plan().averaging().graft().workers();
    double turns = Math.ceil((double) workers / work.slots());
    return alone() / workers * turns;
  }

  /** The same by one worker, who waits for nobody. */
  private double alone() {
    double computing = late().stream().mapToDouble(round -> round.cost().computeSeconds()).sum();
    long examples = late().stream().mapToLong(RoundReport::examples).sum();
    return examples == 0 ? 0 : examples() * computing / examples;
  }

  /** The second half of the rehearsal's rounds, when all had begun to run well. */
  private List<RoundReport> late() {
    List<RoundReport> all = head.rounds();
    return all.subList(all.size() / 2, all.size());
  }

  /** That averaging would take longer than one worker alone; empty where it would not. */
  public Optional<String> averaging() {
    int workers = work.plan().averaging().graft().workers();
    if (head == null
        || workers == 1
        || searches()
        || HeadSpec.isSolved(work.plan().spec())
        || late().isEmpty()) {
      return Optional.empty();
    }
    double together = rounds() / passes() * roundSeconds() + passSeconds();
    return together < alone()
        ? Optional.empty()
        : Optional.of(
            "averaging will not pay here: an epoch takes about %.2f s with %d workers and %.2f s with one. Set averaging.workers to 1, or raise averaging.localSteps and localStepsMost."
                .formatted(together, workers, alone()));
  }
}
