package org.graft.job;

import org.graft.common.Problems;

/**
 * @param topK a sample counts as found if its label is among this many
 * @param hierarchy what parts of a label are separated by, where labels are paths; empty: they are
 *     not
 */
public record EvaluateConfig(int topK, String hierarchy) implements Checked {
  static final EvaluateConfig DEFAULTS = new EvaluateConfig(5, "");

  @Override
  public void check(Problems problems, String path) {
    problems.check(topK > 0, "'%stopK' is %d: it must be at least 1", path, topK);
  }
}
