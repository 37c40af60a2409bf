package org.graft.engine.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What every worker is told in a round. It travels as bytes, as Kryo knows no records.
 *
 * @param configuration of the graph, DL4J's JSON
 * @param state to start from
 * @param seed batches are drawn by it
 * @param batch rows a step
 * @param round within the epoch, from 0
 * @param localSteps most steps of a worker in this round
 */
public record HeadRound(
    String configuration, HeadState state, long seed, int batch, int round, int localSteps) {

  /** For people, so counted from 1. */
  public String name() {
    return "train: epoch %d round %d".formatted(state.epoch() + 1, round + 1);
  }

  ComputationGraph network() {
    ComputationGraph graph =
        HeadNetwork.init(ComputationGraphConfiguration.fromJson(configuration), null);
    state.copyTo(graph);
    return graph;
  }

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      byte[] json = configuration.getBytes(StandardCharsets.UTF_8);
      out.writeInt(json.length);
      out.write(json);
      state.write(out);
      out.writeLong(seed);
      out.writeInt(batch);
      out.writeInt(round);
      out.writeInt(localSteps);
    } catch (IOException e) {
      throw new UncheckedIOException("to memory", e);
    }
    return bytes.toByteArray();
  }

  public static HeadRound of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String json = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      HeadState state = HeadState.read(in);
      return new HeadRound(json, state, in.readLong(), in.readInt(), in.readInt(), in.readInt());
    } catch (IOException e) {
      throw new UncheckedIOException("from memory", e);
    }
  }
}
