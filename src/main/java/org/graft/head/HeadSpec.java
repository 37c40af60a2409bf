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
}
