package org.graft.job;

import java.util.Properties;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;

/**
 * A driver that runs in YARN's application master (cluster mode). There {@code System.exit} is
 * taken for a crash, whatever the status: Spark's own exception carries it, into the diagnostics
 * {@code User application exited with status N}, from which {@code submit/graft} reads it.
 */
final class YarnDriver {
  private YarnDriver() {}

  /**
   * @param properties of the JVM, which the application master sets
   */
  static boolean isThis(Properties properties) {
    return "yarn".equals(properties.getProperty("spark.master"))
        && "cluster".equals(properties.getProperty("spark.submit.deployMode"));
  }

  /** Returns if all is well: the application master ends the JVM. */
  static void end(int status) throws SparkException {
    if (status != 0) {
      throw new SparkUserAppException(status);
    }
  }
}
