package org.graft.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Names for Spark's jobs and their stages, which else are called "collect at X.java:12" in its UI
 * and its logs.
 */
public final class NamedJobs {
  private static final String DESCRIPTION = "spark.job.description";
  private static final String CALL_SITE = "callSite.short";

  private NamedJobs() {}

  /** Work that gives something, and fails as it says. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** Jobs that {@code work} starts on this thread have the name; later ones that of before. */
  public static <T, E extends Exception> T call(
      JavaSparkContext context, String name, Work<T, E> work) throws E {
    SparkContext sc = context.sc();
    String description = sc.getLocalProperty(DESCRIPTION);
    String callSite = sc.getLocalProperty(CALL_SITE);
    sc.setJobDescription(name);
    sc.setCallSite(name);
    try {
      return work.run();
    } finally {
      sc.setJobDescription(description);
      sc.setLocalProperty(CALL_SITE, callSite);
    }
  }
}
