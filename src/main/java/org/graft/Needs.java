package org.graft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.graft.head.HeadSpec;
import org.graft.head.TrainingPlan;

/**
 * What a job cannot do without, so that it would fail only after hours; by exact sizes, not by what
 * might be.
 *
 * @param heap bytes of one executor
 * @param driverHeap bytes
 * @param slots tasks that an executor runs at once
 * @param disk bytes that are free where the workspace is; negative: nobody knows
 */
public record Needs(long heap, long driverHeap, int slots, long disk) {
  private static final double MIB = 1 << 20;

  /** Of a heap, what objects that live long may take: the rest is what goes on beside them. */
  private static final double USABLE = 0.9;

  /**
   * Squares of its width that solving a head takes: the sums, and what they are taken apart into.
   */
  private static final int SQUARES = 3;

  /**
   * What can be said before anything is loaded.
   *
   * @param inputs bytes of heap for all inputs under way
   */
  public Optional<String> problem(long inputs) {
    return (double) inputs <= USABLE * (double) heap
        ? Optional.empty()
        : Optional.of(
            "the inputs of all batches take %s of an executor's heap, which has %s: lower backbone.batch"
                .formatted(mib((double) inputs), mib((double) heap)));
  }

  /**
   * @param samples whose features there will be
   * @param rows that a head is trained on, views and all
   * @param width of the features
   * @param featureBytes that a sample's take on disk
   * @return what is wrong, each with what to change; empty if nothing is
   */
  public List<String> problems(
      long samples, double rows, int width, double featureBytes, TrainingPlan plan) {
    List<String> problems = new ArrayList<>();
    double usable = USABLE * (double) heap;
    double shard = shard(rows, width, plan);
    int workers = plan.averaging().graft().workers();
    int together = Math.min(workers, slots);
    if (together * shard > usable) {
      problems.add(
          "training holds %d shard%s of %s at once in an executor's heap, which has %s: set averaging.workers to %d or more (now %d), or raise --executor-memory"
              .formatted(
                  together,
                  together == 1 ? "" : "s",
                  mib(shard),
                  mib((double) heap),
                  (long) Math.ceil(slots * shard * workers / usable),
                  workers));
    }
    double solving = (double) SQUARES * width * width * Double.BYTES;
    if (HeadSpec.isSolved(plan.spec()) && solving > USABLE * (double) driverHeap) {
      problems.add(
          "solving a head of %d features takes %s of the driver's heap, which has %s: take another backbone.cut or backbone.pooling: avg, or head: linear, or raise --driver-memory"
              .formatted(width, mib(solving), mib((double) driverHeap)));
    }
    double features = (double) samples * featureBytes;
    if (disk >= 0 && features > (double) disk) {
      problems.add(
          "the features take %s on disk, and %s are free: free some, or put the workspace elsewhere"
              .formatted(mib(features), mib((double) disk)));
    }
    return problems;
  }

  /** Features, targets and weights of one worker's rows. */
  private static double shard(double rows, int width, TrainingPlan plan) {
    double values = (double) width + plan.labels().size() + 1;
    return rows / plan.averaging().graft().workers() * values * Float.BYTES;
  }

  static String mib(double bytes) {
    return String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
  }
}
