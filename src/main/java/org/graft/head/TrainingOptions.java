package org.graft.head;

/**
 * How a head is fitted.
 *
 * @param epochs most passes over the training samples
 * @param batch samples a local step
 * @param learningRate of the updater
 * @param updater DL4J's updater of that name, with its other defaults
 * @param l2 weight decay coefficient on weights, not on biases
 * @param patience epochs without a better validation loss before training stops and the best
 *     epoch's parameters are taken; ignored where there are no validation samples
 * @param classWeights how much a class counts in the loss
 * @param standardize train on features with zero mean and unit variance (of the training samples),
 *     then fold both into the first layer, so that the head takes raw features
 * @param seed of initialisation and sampling
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
    long seed) {

  public enum Updater {
    SGD,
    NESTEROVS,
    ADAM
  }

  public enum ClassWeights {
    /** Every sample counts the same. */
    NONE,
    /** n / (classes x n of the class), as scikit-learn's "balanced". */
    BALANCED
  }
}
