package org.graft.job;

import org.graft.common.Problems;

/** A part of a config that knows what is wrong with itself. */
interface Checked {
  /**
   * @param path the key under which this part stands, ending in a dot, or empty
   */
  void check(Problems problems, String path);
}
