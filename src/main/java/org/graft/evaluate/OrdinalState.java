package org.graft.evaluate;

import java.nio.ByteBuffer;
import org.graft.common.Checks;
import org.graft.sample.Labels;

/** The state of samples with one label each, of labels that have an order. */
public final class OrdinalState implements EvaluationState {
  static final byte KIND = 3;

  private final SingleLabelState oneLabel;

  public OrdinalState(int classes, int topK) {
    this(new SingleLabelState(classes, topK));
  }

  private OrdinalState(SingleLabelState oneLabel) {
    this.oneLabel = oneLabel;
  }

  @Override
  public void add(float[] probabilities, float[] targets) {
    oneLabel.add(probabilities, targets);
  }

  @Override
  public void merge(EvaluationState other) {
    Checks.argument(other instanceof OrdinalState, "evaluation states differ in kind");
    oneLabel.merge(((OrdinalState) other).oneLabel);
  }

  @Override
  public long samples() {
    return oneLabel.samples();
  }

  @Override
  public OrdinalEvaluation evaluation(Labels labels) {
    return OrdinalEvaluation.of(oneLabel.evaluation(labels));
  }

  @Override
  public byte[] toBytes() {
    return oneLabel.toBytes(KIND);
  }

  static OrdinalState read(int classes, ByteBuffer in) {
    return new OrdinalState(SingleLabelState.read(classes, in));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OrdinalState that && oneLabel.equals(that.oneLabel);
  }

  @Override
  public int hashCode() {
    return oneLabel.hashCode();
  }
}
