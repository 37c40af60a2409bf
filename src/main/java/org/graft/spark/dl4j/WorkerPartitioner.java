package org.graft.spark.dl4j;

import org.apache.spark.Partitioner;
import org.graft.head.Averaging;

/** Deals rows to their logical workers by key (a {@code String}): partition i is worker i's. */
public final class WorkerPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int workers;
  private final int localSteps;

  public WorkerPartitioner(Averaging averaging) {
    workers = averaging.workers();
    localSteps = averaging.localSteps();
  }

  @Override
  public int numPartitions() {
    return workers;
  }

  @Override
  public int getPartition(Object key) {
    return new Averaging(workers, localSteps).worker((String) key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WorkerPartitioner that && workers == that.workers;
  }

  @Override
  public int hashCode() {
    return workers;
  }
}
