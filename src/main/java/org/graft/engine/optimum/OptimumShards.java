package org.graft.engine.optimum;

import java.util.List;
import org.graft.head.HeadRows;
import org.graft.head.Loss;
import org.graft.head.SampleLoss;
import org.graft.head.ShardStatistics;
import org.graft.head.TrainedHead;

/**
 * The shards, wherever they are: in a loop here, in the tasks of a cluster elsewhere. All lists are
 * in shard order, one entry a shard. What they return is the same anywhere.
 */
public interface OptimumShards {
  /** Of the training samples, one entry for each of {@code heads}. */
  List<List<ShardStatistics>> statistics(List<HeadRows> heads);

  /**
   * @param what names the pass
   */
  List<PassSums> train(String what, Pass pass);

  List<PassSums> validate(Pass pass);

  /** Of a head as it would be published, over the validation samples. */
  List<Loss> validate(TrainedHead head, SampleLoss loss, HeadRows rows);
}
