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

  /** Whether it is solved from sums over the samples, not trained. */
  static boolean isSolved(HeadSpec head) {
    return head instanceof Ridge || head instanceof Lda;
  }

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

  /**
   * Hidden layers (dense, batch norm if wanted, ReLU, dropout), then the output layer.
   *
   * @param dropout 0 to below 1; what remains is scaled up, so that scoring needs no dropout
   * @param batchNorm Ioffe and Szegedy (2015); folded into the dense layers when training ends
   */
  record Mlp(List<Integer> hidden, double dropout, boolean batchNorm) implements HeadSpec {
    static final Mlp DEFAULTS = new Mlp(List.of(256));

    public Mlp {
      Checks.argument(!hidden.isEmpty(), "an MLP head needs at least one hidden layer");
      Checks.argument(
          hidden.stream().allMatch(w -> w > 0), "hidden widths must be positive: %s", hidden);
      Checks.argument(dropout >= 0 && dropout < 1, "dropout must be 0 to below 1: %s", dropout);
      hidden = List.copyOf(hidden);
    }

    /** Dense layers and ReLU alone. */
    public Mlp(List<Integer> hidden) {
      this(hidden, 0, false);
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
   * Labels that have an order, by proportional odds: see {@link OrdinalLoss}.
   *
   * @param hidden dense layers with ReLU below; none: the score is linear in the features
   */
  record Ordinal(List<Integer> hidden) implements HeadSpec {
    static final Ordinal DEFAULTS = new Ordinal(List.of());

    public Ordinal {
      hidden = checked(hidden);
    }

    @Override
    public Input input() {
      return Input.RAW;
    }

    @Override
    public Output output(boolean multiLabel) {
      return Output.ORDINAL;
    }
  }

  /**
   * A number: see {@link ValueLoss}.
   *
   * @param hidden dense layers with ReLU below; none: linear regression
   * @param huber residuals count linearly from here on, in standard deviations of the numbers; 0:
   *     all are squared
   */
  record Regression(List<Integer> hidden, double huber) implements HeadSpec {
    static final Regression DEFAULTS = new Regression(List.of(), 0);

    public Regression {
      hidden = checked(hidden);
      Checks.argument(
          huber >= 0 && Double.isFinite(huber), "huber must not be negative: %s", huber);
    }

    @Override
    public Input input() {
      return Input.RAW;
    }

    @Override
    public Output output(boolean multiLabel) {
      return Output.VALUE;
    }
  }

  private static List<Integer> checked(List<Integer> hidden) {
    Checks.argument(
        hidden.stream().allMatch(w -> w > 0), "hidden widths must be positive: %s", hidden);
    return List.copyOf(hidden);
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

  /**
   * Ridge regression on the targets, solved exactly: one pass over the samples, any penalty. The
   * penalty is chosen by leave-one-out error, see {@link Grid#l2}.
   */
  record Ridge() implements HeadSpec {
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

  /**
   * Linear discriminant analysis, solved exactly: normal classes of one covariance.
   *
   * @param shrinkage of the covariance towards a multiple of the identity, 0 (none) to 1; of
   *     several the best is chosen; empty: a path
   */
  record Lda(List<Double> shrinkage) implements HeadSpec {
    static final Lda DEFAULTS = new Lda(List.of());

    public Lda {
      Checks.argument(
          shrinkage.stream().allMatch(s -> s >= 0 && s <= 1),
          "shrinkage must be 0 to 1: %s",
          shrinkage);
      shrinkage = List.copyOf(shrinkage);
    }

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
      return Output.SOFTMAX;
    }
  }
}
