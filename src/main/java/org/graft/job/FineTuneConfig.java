package org.graft.job;

import org.graft.common.Problems;
import org.graft.head.FineTuning;

/**
 * See {@link FineTuning}.
 *
 * @param from a cut below the backbone's; empty: the network stays frozen
 */
public record FineTuneConfig(
    String from, int epochs, double learningRate, double decay, int headEpochs, int unfreezeEvery)
    implements Checked {
  static final FineTuneConfig DEFAULTS = new FineTuneConfig("", 10, 0.0001, 0.4, 0, 0);

  @Override
  public void check(Problems problems, String path) {
    problems.check(epochs > 0, "'%sepochs' is %d: it must be at least 1", path, epochs);
    problems.check(
        learningRate > 0, "'%slearningRate' is %s: it must be above 0", path, learningRate);
    problems.check(
        decay > 0 && decay <= 1, "'%sdecay' is %s: it must be above 0, at most 1", path, decay);
    problems.check(
        headEpochs >= 0, "'%sheadEpochs' is %d: it must not be negative", path, headEpochs);
    problems.check(
        unfreezeEvery >= 0,
        "'%sunfreezeEvery' is %d: it must not be negative",
        path,
        unfreezeEvery);
  }

  FineTuning tuning() {
    return new FineTuning(from, epochs, learningRate, decay, headEpochs, unfreezeEvery);
  }
}
