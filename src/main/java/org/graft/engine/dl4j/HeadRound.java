package org.graft.engine.dl4j;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What every worker is told in a round. It travels as bytes, as Kryo knows no records.
 *
 * @param configuration of the graph, DL4J's JSON
 * @param state to start from
 * @param seed batches are drawn by it
 * @param batch rows a step of the largest shard
 * @param largestShard rows
 * @param round within the epoch, from 0
 * @param step of the epoch that it begins with, from 0
 * @param steps of each worker in this round
 * @param rate share of the learning rate that is left in this round
 * @param anchor that workers correct their drift by
 */
public record HeadRound(
    String configuration,
    HeadState state,
    long seed,
    int batch,
    int largestShard,
    int round,
    int step,
    int steps,
    double rate,
    Anchor anchor) {
  private static final int NUMBERS = Long.BYTES + 5 * Integer.BYTES + Double.BYTES;

  /** The round that was read last: all tasks of a process are told the same bytes. */
  private static Told last = new Told(new WeakReference<>(null), null);

  @SuppressWarnings("ArrayRecordComponent") // compared by identity
  private record Told(WeakReference<byte[]> bytes, WeakReference<HeadRound> round) {}

  /** For people, so counted from 1. */
  public String name() {
    return "train: epoch %d round %d".formatted(state.epoch() + 1, round + 1);
  }

  /**
   * Rows of a shard that an epoch's first {@code step} steps fit. The largest shard fits {@code
   * batch} a step; a smaller one the same share of its rows, so that all shards end an epoch
   * together and each counts in every round by its size: were small shards done early, the rest of
   * the epoch would be fitted to the others alone.
   */
  int rows(int shardSize, int step) {
    long ofLargest = Math.min((long) step * batch, largestShard);
    return (int) (ofLargest * shardSize / largestShard);
  }

  public byte[] toBytes() {
    byte[] json = configuration.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[Integer.BYTES + json.length + state.bytes() + NUMBERS + anchor.bytes()];
    ByteBuffer out = Floats.over(bytes);
    Floats.put(out, json);
    state.put(out);
    out.putLong(seed).putInt(batch).putInt(largestShard);
    out.putInt(round).putInt(step).putInt(steps).putDouble(rate);
    anchor.put(out);
    return bytes;
  }

  /** Reads bytes that are never written to again. */
  public static HeadRound of(byte[] bytes) {
    synchronized (HeadRound.class) {
      HeadRound known = last.bytes.get() == bytes ? last.round.get() : null;
      if (known == null) {
        known = read(bytes);
        last = new Told(new WeakReference<>(bytes), new WeakReference<>(known));
      }
      return known;
    }
  }

  private static HeadRound read(byte[] bytes) {
    ByteBuffer in = Floats.over(bytes);
    return new HeadRound(
        new String(Floats.bytes(in), StandardCharsets.UTF_8),
        HeadState.get(in),
        in.getLong(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getDouble(),
        Anchor.get(in));
  }
}
