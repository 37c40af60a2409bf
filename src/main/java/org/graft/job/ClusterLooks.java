package org.graft.job;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.graft.common.Storage;
import org.graft.doctor.Finding;

/** Looks at Spark and at where a job writes. */
final class ClusterLooks {
  private static final String SPARK = "3.5.";
  private static final String SCALA = "2.12.";

  private ClusterLooks() {}

  static List<Finding> all(SparkContext spark) {
    return List.of(
        version(spark.version(), scala.util.Properties.versionNumberString()),
        Finding.ok("master", spark.master()),
        fileSystem(spark.hadoopConfiguration()));
  }

  static Finding version(String spark, String scala) {
    String value = "%s, Scala %s".formatted(spark, scala);
    return spark.startsWith(SPARK) && scala.startsWith(SCALA)
        ? Finding.ok("spark", value)
        : Finding.failure(
            "spark",
            value,
            "Graft is built for Spark %sx with Scala %sx: set SPARK_HOME to such a Spark, or unset it."
                .formatted(SPARK, SCALA));
  }

  /** The one of paths without a scheme. */
  static Finding fileSystem(Configuration hadoop) {
    String name = hadoop.get(FileSystem.FS_DEFAULT_NAME_KEY, FileSystem.DEFAULT_FS);
    try {
      FileSystem.get(hadoop).getFileStatus(new Path("/"));
      return Finding.ok("file system", name);
    } catch (IOException e) {
      return Finding.failure(
          "file system",
          "%s: %s".formatted(name, e),
          "See fs.defaultFS in the core-site.xml that HADOOP_CONF_DIR (%s) has."
              .formatted(System.getenv().getOrDefault("HADOOP_CONF_DIR", "not set")));
    }
  }

  /** Writes a file, reads it and takes it away again. */
  static Finding workspace(Storage storage, String folder) {
    String file = folder + "/_doctor";
    byte[] bytes = {1, 2, 3};
    try {
      storage.write(file, bytes);
      boolean same = Arrays.equals(bytes, storage.read(file, bytes.length));
      storage.delete(file);
      return same
          ? Finding.ok("workspace", folder + ": can be written")
          : Finding.failure(
              "workspace", folder + ": gives other bytes than it got", "Use another.");
    } catch (IOException e) {
      return Finding.failure(
          "workspace",
          "%s: %s".formatted(folder, e.getMessage()),
          "Correct workspace, or the rights of whoever runs this.");
    }
  }
}
