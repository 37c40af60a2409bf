package org.graft.job;

import org.graft.common.Problems;
import org.graft.sample.Splitter;

/** Shares of the samples; test gets the rest. Manifests and tables may say it themselves. */
public record SplitConfig(double train, double validation, double test) implements Checked {
  static final SplitConfig DEFAULTS = new SplitConfig(0.7, 0.1, 0.2);

  @Override
  public void check(Problems problems, String path) {
    problems.check(
        train > 0 && validation >= 0 && test >= 0 && Math.abs(train + validation + test - 1) < 1e-9,
        "'%strain', 'validation' and 'test' are %s, %s and %s: they must not be negative, train"
            + " must be above 0, and they must sum to 1 (sum %s)",
        path,
        train,
        validation,
        test,
        (float) (train + validation + test));
  }

  Splitter splitter(long seed) {
    return new Splitter(train, validation, seed);
  }
}
