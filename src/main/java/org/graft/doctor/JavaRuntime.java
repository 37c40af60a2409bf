package org.graft.doctor;

import java.nio.ByteBuffer;

/** The JVM that this runs in. */
final class JavaRuntime {
  /** The one that Spark 3.5 and Deeplearning4j are tested with. */
  private static final int WANTED = 17;

  private JavaRuntime() {}

  static Finding version(int feature, String home) {
    String value = feature + " (" + System.getProperty("java.version") + "), " + home;
    return feature == WANTED
        ? Finding.ok("java", value)
        : Finding.failure(
            "java",
            value,
            "Graft needs Java %d: set JAVA_HOME to a JDK %d, on every worker."
                .formatted(WANTED, WANTED));
  }

  /** Spark's memory lies in buffers whose insides Java 17 hides unless it is told not to. */
  static Finding opened() {
    boolean open = ByteBuffer.class.getModule().isOpen("sun.nio.ch", JavaRuntime.class.getModule());
    return open
        ? Finding.ok("java modules", "open to Spark")
        : Finding.failure(
            "java modules",
            "java.base is closed to Spark",
            "Start through submit/graft or spark-submit, or with the --add-opens that Spark's guide lists for Java 17.");
  }

  static Finding names(String encoding) {
    return encoding.equalsIgnoreCase("UTF-8")
        ? Finding.ok("file names", encoding)
        : Finding.warning(
            "file names",
            encoding,
            "Files with other than ASCII letters in their names cannot be opened: set LC_ALL=C.UTF-8 (executors: spark.executorEnv.LC_ALL).");
  }
}
