package org.graft.job;

import org.graft.common.Problems;
import org.graft.head.Checkpoints;
import org.graft.head.Convergence;
import org.graft.head.TrainingOptions;
import org.graft.head.TrainingOptions.ClassWeights;
import org.graft.head.TrainingOptions.Method;
import org.graft.head.TrainingOptions.Schedule;
import org.graft.head.TrainingOptions.Updater;

/**
 * See {@link TrainingOptions}.
 *
 * @param baseline also train the same head on the same network with random weights
 * @param weightColumn a column of the source with each sample's weight, 0 or more; empty: all count
 *     1
 * @param warmStart what a training begins with
 * @param checkpoint when the state is kept, for a driver that may be lost
 */
public record TrainConfig(
    int epochs,
    int batch,
    double learningRate,
    Updater updater,
    double l2,
    int patience,
    ClassWeights classWeights,
    boolean standardize,
    boolean baseline,
    Method method,
    Schedule schedule,
    double labelSmoothing,
    double focalGamma,
    String weightColumn,
    WarmStart warmStart,
    Convergence convergence,
    Checkpoints.Rhythm checkpoint)
    implements Checked {
  static final TrainConfig DEFAULTS =
      new TrainConfig(
          50,
          32,
          0.001,
          Updater.ADAM,
          0.0001,
          5,
          ClassWeights.NONE,
          true,
          false,
          Method.AVERAGING,
          Schedule.PLATEAU,
          0,
          0,
          "",
          WarmStart.NONE,
          null,
          null);

  @Override
  public void check(Problems problems, String path) {
    problems.check(epochs > 0, "'%sepochs' is %d: it must be at least 1", path, epochs);
    problems.check(batch > 0, "'%sbatch' is %d: it must be at least 1", path, batch);
    problems.check(
        learningRate > 0, "'%slearningRate' is %s: it must be above 0", path, learningRate);
    problems.check(l2 >= 0, "'%sl2' is %s: it must not be negative", path, l2);
    problems.check(patience > 0, "'%spatience' is %d: it must be at least 1", path, patience);
    problems.check(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "'%slabelSmoothing' is %s: it must be 0 to below 1",
        path,
        labelSmoothing);
    problems.check(
        focalGamma >= 0 && focalGamma <= 10,
        "'%sfocalGamma' is %s: it must be 0 to 10",
        path,
        focalGamma);
  }

  TrainingOptions options(long seed) {
    return new TrainingOptions(
        epochs,
        batch,
        learningRate,
        updater,
        l2,
        patience,
        classWeights,
        standardize,
        seed,
        method,
        schedule,
        labelSmoothing,
        focalGamma,
        convergence);
  }
}
