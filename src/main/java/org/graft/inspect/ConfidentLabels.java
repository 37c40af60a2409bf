package org.graft.inspect;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;

/**
 * Which labels are likely wrong, by confident learning (Northcutt, Jiang and Chuang 2021): those of
 * samples that are more probably of another class, and as probably as the samples with that class's
 * label are of it on average. Sums of shards, added in their order, so the result depends on the
 * shards only.
 */
public final class ConfidentLabels implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of the label's probability, {@code [classes]}. */
  private final double[] sums;

  private final long[] samples;

  private ConfidentLabels(int classes) {
    this.sums = new double[classes];
    this.samples = new long[classes];
  }

  /** Of one shard. */
  public static ConfidentLabels of(int classes, Iterator<LabelScore> scores) {
    ConfidentLabels labels = new ConfidentLabels(classes);
    while (scores.hasNext()) {
      LabelScore score = scores.next();
      labels.sums[score.given()] += score.givenProbability();
      labels.samples[score.given()]++;
    }
    return labels;
  }

  /** All shards together. */
  public static ConfidentLabels merged(int classes, List<ConfidentLabels> inShardOrder) {
    ConfidentLabels all = new ConfidentLabels(classes);
    for (ConfidentLabels shard : inShardOrder) {
      for (int c = 0; c < classes; c++) {
        all.sums[c] += shard.sums[c];
        all.samples[c] += shard.samples[c];
      }
    }
    return all;
  }

  /** From which probability on a sample counts as one of class {@code c}. */
  double threshold(int c) {
    return sums[c] / samples[c];
  }

  /** Whether the label is likely wrong. */
  public boolean isDoubtful(LabelScore score) {
    return samples[score.suggested()] > 0
        && score.suggestedProbability() > score.givenProbability()
        && score.suggestedProbability() >= threshold(score.suggested());
  }
}
