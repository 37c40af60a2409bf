package org.graft.feature;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.graft.sample.Outcome;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection;
import org.graft.sample.Rejection.Reason;
import org.graft.sample.Sample;

/**
 * Reads samples' bytes before they are wanted: up to so many samples, and until so many bytes wait.
 * The iterator belongs to one thread; {@link Reading#take} is for any.
 */
final class ReadAhead {
  /** Nothing that is not wanted yet is read while so many bytes wait. */
  static final long MOST_BYTES = 64L << 20;

  private final Iterator<Sample> samples;
  private final ExecutorService readers;
  private final int most;
  private final Queue<Reading> queue = new ArrayDeque<>();
  private long waiting; // bytes read and not taken; guarded by this

  /**
   * @param most samples to read ahead
   */
  ReadAhead(Iterator<Sample> samples, ExecutorService readers, int most) {
    this.samples = samples;
    this.readers = readers;
    this.most = most;
  }

  boolean hasNext() {
    return !queue.isEmpty() || samples.hasNext();
  }

  /** The next samples, at most {@code n}; their bytes are on their way. */
  List<Reading> next(int n) {
    fill(n);
    List<Reading> batch = new ArrayList<>();
    while (batch.size() < n && !queue.isEmpty()) {
      batch.add(queue.remove());
    }
    batch.forEach(Reading::want);
    fill(most);
    return batch;
  }

  private void fill(int length) {
    while (queue.size() < length && samples.hasNext()) {
      Reading reading = new Reading(samples.next());
      reading.bytes = readers.submit(reading::read);
      queue.add(reading);
    }
  }

  /** A sample whose bytes are on their way; what keeps them from being read is an outcome. */
  final class Reading {
    private final Sample sample;
    private Future<Outcome<byte[]>> bytes;
    private boolean wanted; // guarded by the outer object

    private Reading(Sample sample) {
      this.sample = sample;
    }

    Sample sample() {
      return sample;
    }

    /** Waits for the bytes, which no longer count as waiting; to be called once. */
    Outcome<byte[]> take() {
      Outcome<byte[]> outcome = FeatureExtractor.await(bytes);
      if (outcome instanceof Outcome.Ok<byte[]> ok) {
        add(-ok.value().length);
      }
      return outcome;
    }

    private void want() {
      synchronized (ReadAhead.this) {
        wanted = true;
        ReadAhead.this.notifyAll();
      }
    }

    private Outcome<byte[]> read() throws InterruptedException {
      synchronized (ReadAhead.this) {
        while (waiting >= MOST_BYTES && !wanted) {
          ReadAhead.this.wait();
        }
      }
      try {
        byte[] content = sample.content().read();
        add(content.length);
        return new Outcome.Ok<>(content);
      } catch (IOException e) {
        return rejected(Reason.UNREADABLE, e.toString());
      } catch (RejectedException e) {
        return rejected(e.reason(), e.getMessage());
      }
    }

    private Outcome<byte[]> rejected(Reason reason, String detail) {
      return new Outcome.Rejected<>(new Rejection(sample.key(), sample.path(), reason, detail));
    }
  }

  private synchronized void add(long more) {
    waiting += more;
    notifyAll();
  }
}
