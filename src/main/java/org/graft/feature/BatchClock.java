package org.graft.feature;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.graft.sample.Outcome;
import org.graft.sample.Rejection.Reason;

/** Measures a batch, from now on; of one thread. */
final class BatchClock {
  private final long begin = System.nanoTime();
  private long waited;
  private long network;

  /** Work that is waiting for bytes. */
  <T> T waiting(Supplier<T> work) {
    long from = System.nanoTime();
    T result = work.get();
    waited += System.nanoTime() - from;
    return result;
  }

  /** Work that is the network's. */
  <T> T network(Supplier<T> work) {
    long from = System.nanoTime();
    T result = work.get();
    network += System.nanoTime() - from;
    return result;
  }

  /** The batch has ended with these. */
  BatchReport report(List<Outcome<FeatureVector>> outcomes) {
    Map<Reason, Integer> rejected = new EnumMap<>(Reason.class);
    for (Outcome<FeatureVector> outcome : outcomes) {
      if (outcome instanceof Outcome.Rejected<FeatureVector> no) {
        rejected.merge(no.rejection().reason(), 1, Integer::sum);
      }
    }
    long decoding = System.nanoTime() - begin - waited - network;
    return new BatchReport(outcomes.size(), rejected, waited, decoding, network);
  }
}
