package org.graft.spark;

import java.util.Locale;
import java.util.function.Consumer;
import org.graft.head.RoundReport;

/** Shows a training's epochs as they end; nothing for one that was done before. */
public final class EpochProgress implements Consumer<RoundReport>, AutoCloseable {
  private final Progress progress;
  private final String name;
  private final int epochs;
  private Progress.Step step;
  private volatile long ended;
  private volatile RoundReport last;

  /**
   * @param epochs at most
   */
  public EpochProgress(Progress progress, String name, int epochs) {
    this.progress = progress;
    this.name = name;
    this.epochs = epochs;
  }

  @Override
  public void accept(RoundReport round) {
    if (step == null) {
      last = round;
      step = progress.start(name, epochs, () -> ended, this::gauge);
    }
    last = round;
    ended = round.round() == round.rounds() ? round.epoch() : round.epoch() - 1;
  }

  /** Of the last round, briefly. */
  private String gauge() {
    RoundReport round = last;
    return String.format(
        Locale.ROOT,
        "  loss %.4f, gradient %.2g, %s%.0f %% computing",
        round.loss(),
        round.gradientNorm(),
        round.localSteps() == 0 ? "" : round.localSteps() + " local steps, ",
        100 * round.cost().slowestSeconds() / round.cost().wallSeconds());
  }

  /** The training has ended well. */
  public void done() {
    if (step != null) {
      step.done();
    }
  }

  @Override
  public void close() {
    if (step != null) {
      step.close();
    }
  }
}
