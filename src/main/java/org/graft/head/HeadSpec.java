package org.graft.head;

import java.util.List;
import org.graft.common.Checks;

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

  /** One dense layer: multinomial logistic regression. */
  record Linear() implements HeadSpec {
    @Override
    public List<Integer> hidden() {
      return List.of();
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
  }
}
