package org.graft.ml;

import org.graft.common.UserError;
import org.graft.spark.NamedJobs.Work;

/**
 * Work of Spark's that a caller waits for. What the caller can mend is thrown as the sentence that
 * says so, wherever it was found; Spark's account of the failed task is its cause.
 */
final class Awaited {
  private Awaited() {}

  static <T, E extends Exception> T call(Work<T, E> work) throws E {
    try {
      return work.run();
    } catch (Exception e) { // Spark throws checked ones that Java does not see
      UserError told = UserError.behind(e);
      if (told != null) {
        throw told;
      }
      throw e;
    }
  }
}
