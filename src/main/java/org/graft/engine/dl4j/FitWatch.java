package org.graft.engine.dl4j;

import org.graft.head.TrainedHead;

/** Somebody who watches DL4J train as it does by itself, and may stop it. */
public interface FitWatch {
  /** What every epoch begins with, before its rounds, has ended. */
  void prepared();

  /**
   * A round has ended.
   *
   * @param epoch from 1
   * @param rounds of this epoch
   * @param examples that were fitted in the round
   * @return whether to go on
   */
  boolean round(int epoch, int rounds, long examples);

  /** An epoch has ended with this head. */
  void epoch(TrainedHead head);
}
