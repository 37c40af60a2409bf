package org.graft.spark;

import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.graft.backbone.Cards;
import org.graft.common.Storage;

/** Spark and what every step needs of it. */
public final class Session {
  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Broadcast<SerializableConfiguration> conf;
  private final Storage storage;

  /**
   * @throws org.graft.common.UserError if its tasks would wait for ever
   */
  public Session(SparkSession spark) {
    CardSettings.check(spark.sparkContext().getConf());
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.conf = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    this.storage = new HadoopStorage(context.hadoopConfiguration());
  }

  public SparkSession spark() {
    return spark;
  }

  public JavaSparkContext context() {
    return context;
  }

  public Storage storage() {
    return storage;
  }

  /** The cards that tasks may compute on: this process's own, or those that Spark gives to them. */
  public Cards cards() {
    SparkConf asked = spark.sparkContext().getConf();
    return CardSettings.plainLocal(asked)
        ? Cards.here()
        : new Cards.AtExecutors(
            CardSettings.executorAmount(asked) > 0 || CardSettings.everyTask(asked));
  }

  /** The Hadoop configuration, for tasks. */
  Broadcast<SerializableConfiguration> conf() {
    return conf;
  }

  /** Work that may fail as input and output do. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  /** Work that gives something. */
  @FunctionalInterface
  public interface Question<T> {
    T ask() throws IOException;
  }

  /** As {@link #named(String, Work)}. */
  public <T> T asked(String description, Question<T> question) throws IOException {
    return NamedJobs.call(context, description, question::ask);
  }

  /** Runs Spark jobs under a name that the UI and the progress line show. */
  public void named(String description, Work work) throws IOException {
    asked(
        description,
        () -> {
          work.run();
          return null;
        });
  }
}
