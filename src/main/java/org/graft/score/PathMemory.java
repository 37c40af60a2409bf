package org.graft.score;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.graft.common.Checks;
import org.graft.sample.Sample;

/**
 * Features carry a key, predictions a path too: passes samples on and remembers the paths of those
 * in work. Extraction may read ahead on another thread.
 */
final class PathMemory implements Iterator<Sample> {
  private record InWork(String key, String path) {}

  private final Iterator<Sample> samples;
  private final Queue<InWork> inWork = new ConcurrentLinkedQueue<>();

  PathMemory(Iterator<Sample> samples) {
    this.samples = samples;
  }

  @Override
  public boolean hasNext() {
    return samples.hasNext();
  }

  @Override
  public Sample next() {
    Sample sample = samples.next();
    inWork.add(new InWork(sample.key(), sample.path()));
    return sample;
  }

  /** The path of the oldest sample in work, which must have this key. */
  String take(String key) {
    InWork oldest = inWork.poll();
    Checks.state(
        oldest != null && oldest.key().equals(key), "extraction gave %s for %s", key, oldest);
    return oldest.path();
  }
}
