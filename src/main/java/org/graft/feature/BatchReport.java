package org.graft.feature;

import java.util.Map;
import org.graft.sample.Rejection.Reason;

/**
 * What became of a batch of samples, and where its time went. The three times together are all of
 * it.
 *
 * @param samples in the batch, rejected ones among them
 * @param rejected how many by reason; reasons that did not occur are absent
 * @param waitNanos until the samples' bytes were there
 * @param decodeNanos for making inputs of bytes, all of the front end
 * @param networkNanos in the network
 */
public record BatchReport(
    int samples,
    Map<Reason, Integer> rejected,
    long waitNanos,
    long decodeNanos,
    long networkNanos) {
  public BatchReport {
    rejected = Map.copyOf(rejected);
  }

  public long nanos() {
    return waitNanos + decodeNanos + networkNanos;
  }
}
