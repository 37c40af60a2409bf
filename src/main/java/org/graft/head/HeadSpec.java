package org.graft.head;

import java.util.List;
import org.graft.common.Checks;

/** The shape of a new head. */
public sealed interface HeadSpec {
  /** What a config that says nothing gets. */
  HeadSpec DEFAULTS = new Linear();

  /** Widths of the hidden layers, first to last; empty for a linear head. */
  List<Integer> hidden();

  /** One dense layer: multinomial logistic regression. */
  record Linear() implements HeadSpec {
    @Override
    public List<Integer> hidden() {
      return List.of();
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
  }
}
