package org.graft.head;

import org.graft.common.Checks;

/**
 * How a head is fitted.
 *
 * @param epochs most passes over the training samples
 * @param batch samples a local step
 * @param learningRate of the updater
 * @param updater DL4J's updater of that name, with its other defaults
 * @param l2 penalty {@code l2 / 2 x} the sum of squared weights (not biases) beside the mean loss,
 *     so {@code 1 / (C n)} in scikit-learn's terms; where {@code standardize} is on, the weights on
 *     standardised features
 * @param patience epochs in a row whose loss is not below the best by 1/10,000 of it before
 *     training stops: the validation loss or, where there are no validation samples, with a plateau
 *     schedule the training loss. The epoch with the least of it is taken. Without validation
 *     samples and plateau all epochs are run and the last is taken; a cosine schedule runs to its
 *     end
 * @param classWeights how much a class counts in the loss
 * @param standardize train on features with zero mean and unit variance (of the training samples),
 *     then fold both into the first layer, so that the head takes raw features
 * @param seed of initialisation and sampling
 * @param method what finds the parameters of a linear or MLP head
 * @param schedule how the learning rate falls
 * @param labelSmoothing share of each target that is spread evenly over all classes (Szegedy et al.
 *     2016), 0 to below 1
 * @param focalGamma exponent of the focal loss (Lin et al. 2017); 0: plain cross entropy
 * @param convergence when the search for an optimum ends
 */
public record TrainingOptions(
    int epochs,
    int batch,
    double learningRate,
    Updater updater,
    double l2,
    int patience,
    ClassWeights classWeights,
    boolean standardize,
    long seed,
    Method method,
    Schedule schedule,
    double labelSmoothing,
    double focalGamma,
    Convergence convergence) {

  /** Looking for an optimum as long as {@link Convergence#DEFAULTS} say. */
  public TrainingOptions(
      int epochs,
      int batch,
      double learningRate,
      Updater updater,
      double l2,
      int patience,
      ClassWeights classWeights,
      boolean standardize,
      long seed,
      Method method,
      Schedule schedule,
      double labelSmoothing,
      double focalGamma) {
    this(
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
        Convergence.DEFAULTS);
  }

  /** Plain cross entropy, by averaging at a constant rate. */
  public TrainingOptions(
      int epochs,
      int batch,
      double learningRate,
      Updater updater,
      double l2,
      int patience,
      ClassWeights classWeights,
      boolean standardize,
      long seed) {
    this(
        epochs,
        batch,
        learningRate,
        updater,
        l2,
        patience,
        classWeights,
        standardize,
        seed,
        Method.AVERAGING,
        Schedule.CONSTANT,
        0,
        0);
  }

  public TrainingOptions {
    Checks.argument(epochs > 0, "epochs must be positive: %d", epochs);
    Checks.argument(batch > 0, "batch must be positive: %d", batch);
    Checks.argument(
        learningRate > 0 && Double.isFinite(learningRate),
        "learningRate must be positive: %s",
        learningRate);
    Checks.argument(l2 >= 0 && Double.isFinite(l2), "l2 must not be negative: %s", l2);
    Checks.argument(patience >= 0, "patience must not be negative: %d", patience);
    Checks.argument(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "labelSmoothing must be 0 to below 1: %s",
        labelSmoothing);
    Checks.argument(
        focalGamma >= 0 && focalGamma <= 10, "focalGamma must be 0 to 10: %s", focalGamma);
  }

  /** The same for other passes over raw features. */
  TrainingOptions pass(int otherEpochs, double otherRate) {
    return copy(otherEpochs, otherRate, l2, classWeights, false, Method.AVERAGING);
  }

  /** The same with other values of what a {@link Grid} may list. */
  public TrainingOptions with(double newL2, double newRate, ClassWeights newWeights) {
    return copy(epochs, newRate, newL2, newWeights, standardize, method);
  }

  /** The same head to its optimum. */
  TrainingOptions toOptimum() {
    return copy(epochs, learningRate, l2, classWeights, standardize, Method.OPTIMUM);
  }

  private TrainingOptions copy(
      int otherEpochs,
      double otherRate,
      double otherL2,
      ClassWeights otherWeights,
      boolean otherStandardize,
      Method otherMethod) {
    return new TrainingOptions(
        otherEpochs,
        batch,
        otherRate,
        updater,
        otherL2,
        patience,
        otherWeights,
        otherStandardize,
        seed,
        otherMethod,
        schedule,
        labelSmoothing,
        focalGamma,
        convergence);
  }

  public enum Method {
    /** Parameter averaging over logical workers: see {@link Averaging}. */
    AVERAGING,
    /** To the optimum, by distributed gradients; for linear heads. */
    OPTIMUM
  }

  public enum Schedule {
    CONSTANT,
    /** Half a cosine, from the learning rate in the first round to nothing in the last epoch's. */
    COSINE,
    /**
     * Whenever an epoch is not better than the best, training goes back to where the best one
     * ended, at a fifth of the rate.
     */
    PLATEAU
  }

  public enum Updater {
    SGD,
    NESTEROVS,
    ADAM
  }

  public enum ClassWeights {
    /** Every sample counts the same. */
    NONE,
    /** n / (classes x n of the class), as scikit-learn's "balanced": see {@link LossWeights}. */
    BALANCED
  }
}
