package org.graft.engine.dl4j;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.graft.common.Json;
import org.graft.head.RoundReport;
import org.graft.head.TrainingHistory;

/**
 * All that a training is between two rounds, and all that the next round depends on beside plan and
 * samples: kept as bytes, it goes on as if it had never stopped. Immutable; arrays are shared and
 * never written to.
 *
 * @param network parameters, updater state, iterations, epochs ended
 * @param step batches that the largest shard has had in this epoch
 * @param round ended in this epoch
 * @param pace what rate and local steps go by
 * @param velocity of the server's momentum, as {@code network}'s parameters; empty before the first
 *     round and where there is none
 * @param anchor of the next round; none as long as no drift is corrected
 * @param best the network as the best epoch so far left it; null before the first has ended
 * @param history rounds and ended epochs so far
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingState(
    HeadState network,
    int step,
    int round,
    Pace pace,
    float[] velocity,
    Anchor anchor,
    HeadState best,
    TrainingHistory history) {
  private static final int FIXED = 7 * Integer.BYTES + 3 * Double.BYTES;

  /**
   * @param localSteps of the next round
   * @param firstDrift of a local step in the first round: its share of the rate x gradient norm; 0
   *     before
   * @param drift of the last rounds, smoothed
   * @param rate share of the learning rate that is left: the plateau's
   * @param correcting whether workers disagreed so much in a round that their drift is corrected
   * @param stale epochs in a row that were no better
   */
  public record Pace(
      int localSteps,
      double firstDrift,
      double drift,
      double rate,
      boolean correcting,
      int stale) {}

  /** Before the first round. */
  static TrainingState of(HeadState network, int localSteps) {
    return new TrainingState(
        network,
        0,
        0,
        new Pace(localSteps, 0, 0, 1, false, 0),
        new float[0],
        Anchor.NONE,
        null,
        new TrainingHistory(List.of(), 0, List.of()));
  }

  /** Epochs ended. */
  public int epochs() {
    return history.epochs().size();
  }

  /** Of the epoch that goes on, or has just ended. */
  public List<RoundReport> reportsOfEpoch() {
    List<RoundReport> all = history.rounds();
    return all.subList(all.size() - round, all.size());
  }

  RoundReport lastReport() {
    return history.rounds().get(history.rounds().size() - 1);
  }

  /** Gives {@code graph} the numbers of the state. */
  public void copyTo(ComputationGraph graph) {
    network.copyTo(graph);
  }

  /** After an epoch, not yet judged, that somebody else fitted on {@code graph}. */
  public TrainingState fitted(ComputationGraph graph, List<RoundReport> reports) {
    HeadState end = HeadState.of(graph);
    TrainingHistory after = history;
    for (RoundReport report : reports) {
      after = with(after, report);
    }
    return new TrainingState(
        new HeadState(end.iteration(), network.epoch(), end.parameters(), end.updater()),
        step,
        reports.size(),
        pace,
        velocity,
        anchor,
        best,
        after);
  }

  static TrainingHistory with(TrainingHistory history, RoundReport report) {
    List<RoundReport> rounds = new ArrayList<>(history.rounds());
    rounds.add(report);
    return new TrainingHistory(history.epochs(), history.bestEpoch(), rounds);
  }

  /** Little-endian; the history as JSON. Every bit of every number survives. */
  public byte[] toBytes() {
    byte[] json = Json.line(history).getBytes(StandardCharsets.UTF_8);
    int numbers = Floats.bytes(velocity) + anchor.bytes();
    int states = network.bytes() + (best == null ? 0 : best.bytes());
    byte[] bytes = new byte[FIXED + numbers + states + json.length];
    ByteBuffer out = Floats.over(bytes);
    network.put(out);
    out.putInt(step).putInt(round).putInt(pace.localSteps);
    out.putDouble(pace.firstDrift).putDouble(pace.drift).putDouble(pace.rate);
    out.putInt(pace.correcting ? 1 : 0).putInt(pace.stale);
    Floats.put(out, velocity);
    anchor.put(out);
    out.putInt(best == null ? 0 : 1);
    if (best != null) {
      best.put(out);
    }
    Floats.put(out, json);
    return bytes;
  }

  /**
   * What {@link #toBytes} gave; bytes that end too soon are an {@link UncheckedIOException}.
   *
   * @param what names the bytes in the error, for instance their path
   */
  public static TrainingState of(byte[] bytes, String what) {
    ByteBuffer in = Floats.over(bytes);
    try {
      return new TrainingState(
          HeadState.get(in),
          in.getInt(),
          in.getInt(),
          new Pace(
              in.getInt(),
              in.getDouble(),
              in.getDouble(),
              in.getDouble(),
              in.getInt() == 1,
              in.getInt()),
          Floats.get(in),
          Anchor.get(in),
          in.getInt() == 1 ? HeadState.get(in) : null,
          Json.read(Floats.bytes(in), TrainingHistory.class, what));
    } catch (BufferUnderflowException e) {
      throw new UncheckedIOException(
          "Cannot read " + what, new EOFException("it ends before its numbers do"));
    }
  }
}
