package org.graft.head;

import java.util.List;
import org.graft.common.Checks;
import org.graft.head.TrainedHead.Input;
import org.graft.head.TrainedHead.Output;

/** The shape of a new head. */
public sealed interface HeadSpec {
  /** What a config that says nothing gets. */
  HeadSpec DEFAULTS = new Linear();

  /** Widths of the hidden layers, first to last; empty for a linear head. */
  List<Integer> hidden();

  /** What becomes of the features first. */
  Input input();

  /**
   * What it gives.
   *
   * @param multiLabel whether samples may have any number of labels; not all kinds serve that
   */
  Output output(boolean multiLabel);

  /** One dense layer: multinomial logistic regression. */
  record Linear() implements HeadSpec {
    @Override
    public List<Integer> hidden() {
      return List.of();
    }

    @Override
    public Input input() {
      return Input.RAW;
    }

    @Override
    public Output output(boolean multiLabel) {
      return multiLabel ? Output.SIGMOID : Output.SOFTMAX;
    }
  }

  /** Dense layers with ReLU, then the output layer. */
  record Mlp(List<Integer> hidden) implements HeadSpec {
    static final Mlp DEFAULTS = new Mlp(List.of(256));

    public Mlp {
      Checks.argument(!hidden.isEmpty(), "an MLP head needs at least one hidden layer");
      Checks.argument(
          hidden.stream().allMatch(w -> w > 0), "hidden widths must be positive: %s", hidden);
      hidden = List.copyOf(hidden);
    }

    @Override
    public Input input() {
      return Input.RAW;
    }

    @Override
    public Output output(boolean multiLabel) {
      return multiLabel ? Output.SIGMOID : Output.SOFTMAX;
    }
  }

  /**
   * Nearest class mean: the cosine between a sample and the mean of each class, of features of
   * length 1, times a scale, into a softmax. One sample a class is enough. See {@link CosineFit}.
   *
   * @param scale 0: fitted
   */
  record Cosine(double scale) implements HeadSpec {
    static final Cosine DEFAULTS = new Cosine(0);

    public Cosine {
      Checks.argument(
          scale == 0 || (scale >= CosineFit.LEAST && scale <= CosineFit.MOST),
          "the scale of a cosine head must be %s to %s, or 0 to fit it: %s",
          CosineFit.LEAST,
          CosineFit.MOST,
          scale);
    }

    @Override
    public List<Integer> hidden() {
      return List.of();
    }

    @Override
    public Input input() {
      return Input.UNIT;
    }

    @Override
    public Output output(boolean multiLabel) {
      return Output.SOFTMAX;
    }
  }
}
