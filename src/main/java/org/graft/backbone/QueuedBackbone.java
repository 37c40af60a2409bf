package org.graft.backbone;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.graft.common.Checks;

/**
 * A network on a card, for all tasks of an executor: batches wait in a bounded queue, first come,
 * first served, and lanes of its own take them to the card. Whoever hands in a batch gets its
 * features, or what went wrong with it, and nobody else's.
 *
 * <p>Lanes are threads that live as long as the network: what libraries hold for a thread (the
 * card's context, handles, pinned buffers) is made once a lane, and not once a task. Two of them
 * let one batch be copied while the other is computed.
 */
public final class QueuedBackbone implements Backbone {
  private final Backbone network;
  private final int most;
  private final Semaphore places;
  private final ExecutorService lanes;
  private final BusyTime busy;

  /**
   * @param network that is used by so many threads at once as there are lanes; closed with this
   * @param lanes batches on the card at once, 1 at least
   * @param waiting batches more that may wait; who comes then waits outside, with his batch
   * @param busy told while batches are on the card
   */
  public QueuedBackbone(Backbone network, int lanes, int waiting, BusyTime busy) {
    Checks.argument(lanes > 0 && waiting >= 0, "lanes and waiting: %d, %d", lanes, waiting);
    this.network = network;
    this.most = lanes + waiting;
    this.places = new Semaphore(most, true);
    this.busy = busy;
    AtomicInteger number = new AtomicInteger();
    this.lanes =
        Executors.newFixedThreadPool(
            lanes,
            work -> {
              Thread thread = new Thread(work, "graft-card-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public int width() {
    return network.width();
  }

  @Override
  public int inputLength() {
    return network.inputLength();
  }

  @Override
  public int batch() {
    return network.batch();
  }

  /**
   * As any backbone's. An interrupted thread does not wait for the card: a batch that waits is
   * taken out of the queue; one that is on the card already stays there, and its inputs must be
   * left alone.
   *
   * @throws IllegalStateException if it is interrupted, or this is closed
   */
  @Override
  public float[][] features(float[][] inputs) {
    Future<float[][]> answer = null;
    try {
      places.acquire();
      answer = handIn(inputs);
      return answer.get();
    } catch (InterruptedException e) {
      if (answer != null) {
        answer.cancel(false);
      }
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the card", e);
    } catch (ExecutionException e) {
      throw told(e.getCause());
    }
  }

  /** Batches on the card or in the queue. */
  int handedIn() {
    return most - places.availablePermits();
  }

  /** Threads that have a batch, and no place for it yet. */
  int outside() {
    return places.getQueueLength();
  }

  private Future<float[][]> handIn(float[][] inputs) {
    FutureTask<float[][]> batch = new FutureTask<>(() -> onCard(inputs));
    try {
      lanes.execute(
          () -> {
            try {
              batch.run(); // nothing, if nobody waits for it any more
            } finally {
              places.release();
            }
          });
      return batch;
    } catch (RejectedExecutionException e) {
      places.release();
      throw new IllegalStateException("the network on the card is closed", e);
    }
  }

  private float[][] onCard(float[][] inputs) {
    busy.begin();
    try {
      return network.features(inputs);
    } finally {
      busy.end();
    }
  }

  /** The same kind of exception, so that a user's error stays one. */
  private static RuntimeException told(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause; // there are no others
  }

  /** Ends when the batches that were handed in have. */
  @Override
  public void close() {
    lanes.shutdown();
    boolean interrupted = false;
    while (!lanes.isTerminated()) {
      try {
        lanes.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    network.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
