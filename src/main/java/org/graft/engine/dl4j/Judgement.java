package org.graft.engine.dl4j;

import org.graft.head.TrainingHistory;
import org.graft.head.TrainingHistory.Epoch;
import org.graft.head.TrainingOptions.Schedule;

/**
 * An epoch against those before: by its validation loss, or where there is none, with a plateau
 * schedule, by its training loss, which is the mean over the epoch's own steps.
 *
 * @param best its parameters are the ones to take
 * @param better by enough for training to go on as it does
 */
record Judgement(boolean best, boolean better) {
  /** A smaller share of the loss is no progress. */
  private static final double LEAST = 1e-4;

  static Judgement of(TrainingHistory before, Epoch epoch, Schedule schedule) {
    if (before.epochs().isEmpty()) {
      return new Judgement(true, true);
    }
    if (epoch.validation() == null && schedule != Schedule.PLATEAU) {
      return new Judgement(true, true); // at one rate the training loss jumps about: it says little
    }
    double least = before.epochs().stream().mapToDouble(Judgement::loss).min().orElseThrow();
    boolean better = loss(epoch) < least - LEAST * Math.abs(least);
    return new Judgement(loss(epoch) < least, better);
  }

  private static double loss(Epoch epoch) {
    return epoch.validation() == null ? epoch.loss() : epoch.validation().loss();
  }
}
