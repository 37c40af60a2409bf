package org.graft.spark.dl4j;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.graft.engine.dl4j.HeadFit;
import org.graft.engine.dl4j.HeadWorker;
import org.graft.head.FeatureScaling;
import org.graft.head.Shard;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction2;

/**
 * A logical worker's part of a round, as Spark's own kind of function: of a closure Spark reads the
 * class files in every job, which took more processor time than a small head's steps.
 */
final class HeadTask extends AbstractFunction2<TaskContext, Iterator<Shard>, byte[]>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final FeatureScaling scaling;
  private final Broadcast<byte[]> round;

  HeadTask(FeatureScaling scaling, Broadcast<byte[]> round) {
    this.scaling = scaling;
    this.round = round;
  }

  @Override
  public byte[] apply(TaskContext context, Iterator<Shard> shard) {
    return fit(shard.next()).toBytes();
  }

  HeadFit fit(Shard shard) {
    return HeadWorker.fit(shard, scaling, round.value());
  }

  /** What every shard's worker brings back, in shard order. */
  byte[][] run(JavaRDD<Shard> shards) {
    return (byte[][]) shards.context().runJob(shards.rdd(), this, ClassTag.apply(byte[].class));
  }
}
