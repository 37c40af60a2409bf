package org.graft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.common.ResidentMemory;
import org.graft.sample.SampleLimits;
import org.graft.spark.BackboneChoice;

/**
 * The memory that an executor needs for extraction.
 *
 * @param batches that go through the network at once: tasks at once x {@code spark.task.cpus}
 * @param inputs bytes of heap for the inputs of those batches
 * @param pictures bytes of heap for as many pictures of the largest size while they are decoded; 0
 *     where the network reads none
 * @param recordings bytes of heap for as many recordings of the longest kind at the network's rate;
 *     0 where it hears none. One of another rate takes more or less
 * @param files bytes of heap for files that were read ahead, at most
 * @param network bytes that loading the network and running so many batches took here, on the heap
 *     and off it; null where the system does not tell
 */
public record Footprint(
    int batches, long inputs, long pictures, long recordings, long files, Long network) {
  /** A decoded picture is there twice: as it was, and turned upright or resampled along x. */
  private static final int COPIES = 2;

  private static final int RGB = 3;
  private static final long READ_AHEAD = 64L << 20;
  private static final int ROUNDS = 2;

  /**
   * Loads the network here and runs it.
   *
   * @param tasks that an executor runs at once
   * @param cpus of each task
   */
  static Footprint of(
      BackboneChoice network, int tasks, int cpus, int readers, SampleLimits limits, long maxBytes)
      throws IOException {
    long batches = (long) tasks * cpus;
    long samples = batches * network.spec().batch();
    BackboneCard card = network.spec().card();
    return new Footprint(
        (int) batches,
        inputs(network, batches),
        card.preprocessing() == null ? 0 : batches * COPIES * RGB * limits.pixels(),
        card.audio() == null ? 0 : batches * card.audio().heap(limits.seconds()),
        tasks * (READ_AHEAD + readers * maxBytes) + samples * maxBytes,
        measured(network, (int) batches));
  }

  /** Bytes of heap for the inputs of so many batches. */
  public static long inputs(BackboneChoice network, long batches) {
    return batches * network.spec().batch() * network.spec().card().input().length() * Float.BYTES;
  }

  private static Long measured(BackboneChoice network, int threads) throws IOException {
    if (network.loader().onCards()) { // which are not here, or have memory of their own
      return null;
    }
    System.gc();
    OptionalLong before = ResidentMemory.bytes();
    try (Backbone backbone = network.loader().load(network.spec())) {
      run(backbone, threads);
      OptionalLong after = ResidentMemory.bytes();
      return before.isEmpty() || after.isEmpty()
          ? null
          : (Long) Math.max(0, after.getAsLong() - before.getAsLong());
    }
  }

  private static void run(Backbone backbone, int threads) {
    float[][] zeros = new float[backbone.batch()][backbone.inputLength()];
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads * ROUNDS; i++) {
        running.add(pool.submit(() -> backbone.features(zeros)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the network failed: " + e.getCause(), e.getCause());
    } finally {
      pool.shutdown();
    }
  }
}
