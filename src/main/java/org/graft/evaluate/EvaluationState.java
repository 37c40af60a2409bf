package org.graft.evaluate;

import org.graft.head.TrainedHead;
import org.graft.sample.Labels;

/**
 * What must be remembered of a set of scored samples to evaluate them. The state of two sets
 * together is the merged state of each, bit for bit, in any grouping and order. Mutable, not
 * thread-safe; crosses machines as {@link #toBytes()}.
 */
public sealed interface EvaluationState
    permits SingleLabelState, MultiLabelState, OrdinalState, RegressionState {
  /**
   * An empty state.
   *
   * @param topK the largest k whose top-k accuracy is wanted; of no effect where samples have
   *     several labels, or numbers
   */
  static EvaluationState of(TrainedHead.Output output, int classes, int topK) {
    return switch (output) {
      case SOFTMAX -> new SingleLabelState(classes, topK);
      case SIGMOID -> new MultiLabelState(classes);
      case ORDINAL -> new OrdinalState(classes, topK);
      case VALUE -> new RegressionState();
    };
  }

  /**
   * Adds one sample.
   *
   * @param probabilities {@code [classes]}, as the head gives them; of numbers {@code [1]}
   * @param targets {@code [classes]}, ones where the sample has the label, zeros elsewhere; exactly
   *     one of them for a softmax or ordinal head; of numbers {@code [1]}
   */
  void add(float[] probabilities, float[] targets);

  /** Adds the other's samples; {@code other} is of the same kind and size, and stays as it is. */
  void merge(EvaluationState other);

  long samples();

  /**
   * The metrics of all samples added so far.
   *
   * @throws org.graft.common.UserError if there is none
   */
  Evaluation evaluation(Labels labels);

  byte[] toBytes();

  /**
   * The reverse of {@link #toBytes()}.
   *
   * @throws IllegalArgumentException if {@code bytes} are not a whole state of this version
   */
  static EvaluationState fromBytes(byte[] bytes) {
    return StateBytes.read(bytes);
  }
}
