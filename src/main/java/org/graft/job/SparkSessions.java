package org.graft.job;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.graft.spark.CardSettings;
import org.graft.spark.GraftPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session as spark-submit configured it, or a local one. */
final class SparkSessions {
  private static final Logger log = LoggerFactory.getLogger(SparkSessions.class);

  private SparkSessions() {}

  static SparkSession open(String name) {
    SparkConf conf = new SparkConf().setIfMissing("spark.master", "local[*]");
    conf.set("spark.app.name", "graft " + name);
    // A row of features is a few kilobytes: small files are one task, not one each.
    conf.setIfMissing("spark.sql.files.openCostInBytes", "65536");
    if (conf.get("spark.master").startsWith("local")) { // a cluster's default is for a cluster
      conf.setIfMissing("spark.sql.shuffle.partitions", "8");
    }
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // What a worker brings back from a round comes with its task's end, not by a fetch of its own.
    conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
    // Parameters and weights do not get smaller by it.
    conf.setIfMissing("spark.broadcast.compress", "false");
    // Only asked where the user chooses Kryo, which cannot write ND4J's arrays by itself.
    conf.setIfMissing("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
    CardSettings.check(conf);
    String fallBack =
        CardSettings.fallBack(conf, org.apache.spark.package$.MODULE$.SPARK_VERSION());
    if (!fallBack.isEmpty()) {
      log.warn(fallBack);
    }
    conf.set("spark.plugins", plugins(conf.get("spark.plugins", "")));
    SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
    SparkContext sc = spark.sparkContext();
    sc.setJobDescription("graft " + name); // of jobs that nobody names
    sc.setCallSite("graft " + name);
    RunLog.ofTasks(sc);
    return spark;
  }

  /** The user's, and the one that counts. */
  private static String plugins(String users) {
    return Stream.concat(Stream.of(users.split(",")), Stream.of(GraftPlugin.class.getName()))
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .distinct()
        .collect(Collectors.joining(","));
  }
}
