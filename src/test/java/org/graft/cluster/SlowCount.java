package org.graft.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * A job to kill executors under: partition i of n writes a file {@code started-i} into a folder and
 * works until the folder has a file {@code go}. Prints the sum that all partitions together must
 * give.
 */
public final class SlowCount {
  private SlowCount() {}

  /**
   * @param arguments the folder, and the number of partitions
   */
  public static void main(String[] arguments) {
    String folder = arguments[0];
    int partitions = Integer.parseInt(arguments[1]);
    try (SparkSession spark = SparkSession.builder().appName("slow count").getOrCreate()) {
      MapFunction<Long, Long> wait =
          partition -> {
            Files.writeString(Path.of(folder, "started-" + partition), "");
            while (!Files.exists(Path.of(folder, "go"))) {
              LockSupport.parkNanos(50_000_000);
            }
            return partition;
          };
      long sum =
          spark
              .range(0, partitions, 1, partitions)
              .map(wait, Encoders.LONG())
              .collectAsList()
              .stream()
              .mapToLong(Long::longValue)
              .sum();
      System.out.println("sum " + sum);
    }
  }
}
