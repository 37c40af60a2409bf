package org.graft.job;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.graft.common.NearestMatch;
import org.graft.common.Problems;
import org.graft.evaluate.MetricNames;
import org.graft.head.Averaging;
import org.graft.head.Checkpoints;
import org.graft.head.HeadSpec;
import org.graft.head.TrainedHead.Output;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.sample.DayRange;

/**
 * What keys of a job ask of each other.
 *
 * @param job a part of it is null where a key of that is wrong
 */
record JobChecks(JobConfig job, Problems problems) {
  void all() {
    days(problems, job.partitions());
    output();
    if (job.finetune() != null && job.head() != null) {
      fineTuning();
    }
    if (job.averaging() instanceof Averaging.Dl4jStock
        && job.train() != null
        && job.head() != null
        && averages()) {
      stock();
    }
    problems.check(
        job.labels().size() != 1 || job.multiLabel(), "'labels' has 1 class: it needs at least 2");
    if (job.grid() != null && job.train() != null && job.head() != null) {
      heads();
    }
  }

  private void heads() {
    grid();
    if (HeadSpec.isSolved(job.head())) {
      exact();
    }
    if (job.head() instanceof HeadSpec.Cosine) {
      cosine();
    }
    if (job.train().warmStart() == WarmStart.LAST) {
      warmStart();
    }
  }

  /**
   * @param days null where a key of it is wrong
   */
  static void days(Problems problems, DayRange days) {
    if (days == null) {
      return;
    }
    problems.check(
        DayRange.isDay(days.since()) && DayRange.isDay(days.until()),
        "'partitions.since' and 'partitions.until' are '%s' and '%s': write days like 2026-01-31, or leave them empty",
        days.since(),
        days.until());
    problems.check(
        days.since().isEmpty()
            || days.until().isEmpty()
            || days.since().compareTo(days.until()) <= 0,
        "'partitions.since' is %s, after 'partitions.until' %s: no day is both",
        days.since(),
        days.until());
    problems.check(
        days.isAll() || !days.column().isEmpty(),
        "'partitions.column' is empty: name what folders COLUMN=DAY or a column are called");
  }

  /** What a head's kind asks of the other keys; null where its own keys are wrong. */
  private void output() {
    if (job.head() == null || job.train() == null) {
      return;
    }
    Output output = job.head().output(job.multiLabel());
    if (job.evaluate() != null) {
      metrics(
          new MetricNames(
              output,
              job.evaluate().topK(),
              job.labels().size(),
              !job.evaluate().hierarchy().isEmpty()));
    }
    problems.check(
        !job.multiLabel()
            || output == Output.SIGMOID
            || HeadSpec.isSolved(job.head()), // said elsewhere
        "'multiLabel' is true, but a head of this 'head.kind' serves one label a sample: take linear or mlp");
    problems.check(
        output != Output.ORDINAL || job.labels().size() >= 2,
        "'labels' is %s, but an ordinal head must know their order: list them, lowest first",
        job.labels());
    problems.check(
        output != Output.VALUE || job.labels().isEmpty(),
        "'labels' is %s, but a regression head gives a number: leave it empty",
        job.labels());
    problems.check(
        output != Output.VALUE || job.train().classWeights() == ClassWeights.NONE,
        "'train.classWeights' is set, but a regression head has no classes: leave it at none");
    problems.check(
        (output != Output.ORDINAL && output != Output.VALUE)
            || job.grid() == null
            || job.grid().labelColumn().isEmpty(),
        "'grid.labelColumn' is %s, but that is for labels without an order: leave it empty",
        job.grid() == null ? List.of() : job.grid().labelColumn());
    problems.check(
        output == Output.SOFTMAX || job.evaluate() == null || job.evaluate().hierarchy().isEmpty(),
        "'evaluate.hierarchy' is '%s', but that is for heads that give one of several labels: leave it empty",
        job.evaluate() == null ? "" : job.evaluate().hierarchy());
    boolean plain = job.train().labelSmoothing() == 0 && job.train().focalGamma() == 0;
    boolean layers = job.head() instanceof HeadSpec.Linear || job.head() instanceof HeadSpec.Mlp;
    problems.check(
        plain || layers || HeadSpec.isSolved(job.head()),
        "'train.labelSmoothing' and 'train.focalGamma' are %s and %s, but the loss of this 'head.kind' has neither: leave them at 0",
        job.train().labelSmoothing(),
        job.train().focalGamma());
    problems.check(
        job.train().method() == Method.AVERAGING
            || job.head() instanceof HeadSpec.Linear
            || !job.head().hidden().isEmpty(), // which is said elsewhere
        "'train.method' is %s, but that is for 'head.kind: linear': leave it at averaging",
        job.train().method().name().toLowerCase(Locale.ROOT));
  }

  /** A gate that is misspelt would be found out only after the training. */
  private void metrics(MetricNames metrics) {
    for (String metric : new TreeSet<>(job.gate().keySet())) {
      problems.check(
          metrics.contains(metric),
          "'gate.%s' is no metric of this head: it has %s.%s",
          metric,
          metrics.names(),
          NearestMatch.hint(metric, metrics.names()));
    }
  }

  private void fineTuning() {
    problems.check(
        job.finetune().from().isEmpty()
            || job.head() instanceof HeadSpec.Linear
            || job.head() instanceof HeadSpec.Mlp,
        "'finetune.from' is '%s', but a head of this 'head.kind' is not trained with the network: take linear or mlp, or leave it empty",
        job.finetune().from());
  }

  /** Whether it is averaging that finds the head. */
  private boolean averages() {
    return job.train().method() == Method.AVERAGING
        && !HeadSpec.isSolved(job.head())
        && !(job.head() instanceof HeadSpec.Cosine);
  }

  /** What DL4J's own master knows nothing of. */
  private void stock() {
    problems.check(
        job.train().checkpoint() == null
            || job.train().checkpoint().equals(Checkpoints.Rhythm.DEFAULTS),
        "'train.checkpoint' is %s, but 'averaging.kind' is dl4j-stock, which keeps no state: leave it out, or set 'averaging.kind' to graft",
        job.train().checkpoint());
    problems.check(
        job.train().weightColumn().isEmpty(),
        "'train.weightColumn' is '%s', but 'averaging.kind' is dl4j-stock, which weighs all samples the same: leave it empty, or set 'averaging.kind' to graft",
        job.train().weightColumn());
  }

  private void grid() {
    List<String> columns = job.grid().labelColumn();
    problems.check(
        columns.isEmpty() || (!job.multiLabel() && job.labels().isEmpty()),
        "'grid.labelColumn' is %s: each has one label a sample, those that occur, so 'multiLabel' must be false and 'labels' empty",
        columns);
    for (String column : columns) {
      problems.check(
          columns.size() == 1 || job.model(column).matches(JobConfig.NAME),
          "'grid.labelColumn' is %s: a model would be named '%s', but names are at most 100 letters, digits, '.', '_' and '-'",
          columns,
          job.model(column));
    }
    problems.check(
        job.grid().learningRate().isEmpty() || job.train().method() != Method.OPTIMUM,
        "'grid.learningRate' is %s: an optimum has no learning rate; leave it empty, or set 'train.method' to averaging",
        job.grid().learningRate());
    problems.check(
        job.train().method() != Method.OPTIMUM || job.head().hidden().isEmpty(),
        "'train.method' is optimum: only a linear head has one; set 'head' to linear, or 'train.method' to averaging");
  }

  /** What a head that is solved cannot honour; what only says how to train is passed over. */
  private void exact() {
    boolean lda = job.head() instanceof HeadSpec.Lda;
    String kind = lda ? "an lda head" : "a ridge head";
    problems.check(
        job.train().l2() == TrainConfig.DEFAULTS.l2(),
        lda
            ? "'train.l2' is %s: an lda head has no l2, set 'head.shrinkage'"
            : "'train.l2' is %s: a ridge head chooses its own, write 'grid.l2: [%<s]' to fix it",
        job.train().l2());
    problems.check(
        !lda || job.grid().l2().isEmpty(),
        "'grid.l2' is %s: an lda head has no l2, list values in 'head.shrinkage'",
        job.grid().l2());
    problems.check(
        job.grid().learningRate().isEmpty(),
        "'grid.learningRate' is %s: %s is solved, not trained; leave it out",
        job.grid().learningRate(),
        kind);
    problems.check(
        job.grid().classWeights().isEmpty(),
        "'grid.classWeights' is %s: %s takes one, set 'train.classWeights'",
        job.grid().classWeights(),
        kind);
    problems.check(
        job.train().labelSmoothing() == 0 && job.train().focalGamma() == 0,
        "'train.labelSmoothing' and 'train.focalGamma' are %s and %s: %s has a loss of its own, leave them at 0",
        job.train().labelSmoothing(),
        job.train().focalGamma(),
        kind);
    problems.check(
        !lda || !job.multiLabel(),
        "'multiLabel' is true: an lda head gives one label a sample, use 'head: ridge'");
    problems.check(
        lda || !job.multiLabel() || job.train().classWeights() == ClassWeights.NONE,
        "'train.classWeights' is %s: a ridge head of many labels cannot weigh each label's samples otherwise, use none",
        job.train().classWeights());
  }

  /** Class means have no parameters that a grid could be of. */
  private void cosine() {
    problems.check(
        job.train().l2() == TrainConfig.DEFAULTS.l2() && job.grid().l2().isEmpty(),
        "'train.l2' and 'grid.l2' are %s and %s: a cosine head has no l2, leave them out",
        job.train().l2(),
        job.grid().l2());
    problems.check(
        job.grid().learningRate().isEmpty(),
        "'grid.learningRate' is %s: a cosine head is not trained; leave it out",
        job.grid().learningRate());
  }

  /** A version is one head, of which all that a training goes on from must be known. */
  private void warmStart() {
    boolean solved = HeadSpec.isSolved(job.head());
    boolean layers =
        job.head() instanceof HeadSpec.Linear
            || (job.head() instanceof HeadSpec.Mlp mlp && !mlp.batchNorm());
    problems.check(
        solved || layers,
        "'train.warmStart' is last, but a head of this 'head.kind' (or with 'head.batchNorm') is published in a form that no training can go on from: take linear, mlp, ridge or lda, or leave it at none");
    problems.check(
        solved || job.train().method() == Method.AVERAGING,
        "'train.warmStart' is last, but 'train.method' is optimum, which ends at the same head wherever it begins: leave it at none");
    problems.check(
        job.grid().cut().size() < 2
            && job.grid().labelColumn().size() < 2
            && (solved || job.grid().isOne()),
        "'train.warmStart' is last, but 'grid' asks for several heads: leave one of both out");
    problems.check(
        !solved || job.train().classWeights() == ClassWeights.NONE,
        "'train.warmStart' is last, but with 'train.classWeights' %s each new sample changes what the others count: set it to none",
        job.train().classWeights());
    problems.check(
        !solved || job.extract() == null || job.extract().views() == 1,
        "'train.warmStart' is last, but the sums behind a solved head do not know which 'extract.views' they are of: leave one of both out");
    problems.check(
        job.finetune() == null || job.finetune().from().isEmpty(),
        "'train.warmStart' is last, but 'finetune.from' makes other features in each run: leave one of both out");
    problems.check(
        !(job.averaging() instanceof Averaging.Dl4jStock),
        "'train.warmStart' is last, but 'averaging.kind' is dl4j-stock: set it to graft");
  }
}
