package org.graft.job;

import java.io.IOException;

/** One verb's work. */
interface Job {
  /**
   * @param summary filled in on the way, so that a failure tells how far it came
   */
  Summary run(Summary.Builder summary) throws IOException;
}
