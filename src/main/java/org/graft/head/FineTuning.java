package org.graft.head;

import org.graft.common.Checks;

/**
 * How the part of a network above an earlier cut is trained with its head.
 *
 * <p>The tail's layers form groups, between the cuts that the network's card names. The head has
 * depth 0, the group below it 1, and so on downwards. Depth d learns at {@code learningRate x
 * decay^d} (discriminative fine-tuning), once its turn has come (gradual unfreezing; both: Howard
 * and Ruder 2018, arXiv 1801.06146).
 *
 * @param from where the trained part begins: a cut of the card, or any layer that all of the
 *     network passes through
 * @param epochs most passes over the training samples
 * @param learningRate of the head, once there is a tail to train with it
 * @param decay factor of the rate from one group to the next one below
 * @param headEpochs passes before the first group is trained, too
 * @param unfreezeEvery passes between one group's turn and the next one's; 0: all at once
 */
public record FineTuning(
    String from, int epochs, double learningRate, double decay, int headEpochs, int unfreezeEvery) {
  public FineTuning {
    Checks.argument(!from.isEmpty(), "from is empty");
    Checks.argument(epochs > 0, "epochs must be positive: %d", epochs);
    Checks.argument(
        learningRate > 0 && Double.isFinite(learningRate),
        "learningRate must be positive: %s",
        learningRate);
    Checks.argument(decay > 0 && decay <= 1, "decay must be above 0 and at most 1: %s", decay);
    Checks.argument(
        headEpochs >= 0 && unfreezeEvery >= 0,
        "headEpochs and unfreezeEvery must not be negative: %d, %d",
        headEpochs,
        unfreezeEvery);
  }

  /** Once its turn has come. */
  public double rate(int depth) {
    return learningRate * StrictMath.pow(decay, depth);
  }

  /** The epoch, from 0, in which the parameters of that depth are trained first. */
  public int turn(int depth) {
    return depth == 0 ? 0 : headEpochs + (depth - 1) * unfreezeEvery;
  }
}
