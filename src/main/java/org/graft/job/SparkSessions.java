package org.graft.job;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** A session as spark-submit configured it, or a local one. */
final class SparkSessions {
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
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
