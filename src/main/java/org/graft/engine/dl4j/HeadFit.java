package org.graft.engine.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * What one worker brings back from a round. A class of plain fields, so that both of Spark's
 * serialisers carry it.
 */
public final class HeadFit implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a worker that has no rows left in this epoch. */
  static final HeadFit NOTHING =
      new HeadFit(0, 0, new float[0], new float[0], new float[0], 0, 0, 0, 0);

  /** Rows fitted: the weight in the average. */
  final long examples;

  /** Batches fitted. */
  final int steps;

  final float[] parameters;
  final float[] updater;

  /** Sum over the rows of the loss's gradient, each at the parameters of its step. */
  final float[] gradient;

  /** Sum over the rows of the loss, with the l2 penalty, each at the parameters of its step. */
  final double loss;

  /** Square of the way from the round's parameters to these. */
  final double squares;

  /** Fitting. */
  final double seconds;

  /** Reading what the round says. */
  final double unpackSeconds;

  HeadFit(
      long examples,
      int steps,
      float[] parameters,
      float[] updater,
      float[] gradient,
      double loss,
      double squares,
      double seconds,
      double unpackSeconds) {
    this.examples = examples;
    this.steps = steps;
    this.parameters = parameters;
    this.updater = updater;
    this.gradient = gradient;
    this.loss = loss;
    this.squares = squares;
    this.seconds = seconds;
    this.unpackSeconds = unpackSeconds;
  }

  /**
   * How it travels: as a block, where Java's serialiser goes number by number. Every bit survives.
   */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(bytes()) + 128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(examples);
      out.writeInt(steps);
      HeadState.write(out, parameters);
      HeadState.write(out, updater);
      HeadState.write(out, gradient);
      out.writeDouble(loss);
      out.writeDouble(squares);
      out.writeDouble(seconds);
      out.writeDouble(unpackSeconds);
    } catch (IOException e) {
      throw new UncheckedIOException("to memory", e);
    }
    return bytes.toByteArray();
  }

  /** What {@link #toBytes} gave. */
  public static HeadFit of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new HeadFit(
          in.readLong(),
          in.readInt(),
          HeadState.floats(in),
          HeadState.floats(in),
          HeadState.floats(in),
          in.readDouble(),
          in.readDouble(),
          in.readDouble(),
          in.readDouble());
    } catch (IOException e) {
      throw new UncheckedIOException("from memory", e);
    }
  }

  long bytes() {
    return (long) Float.BYTES * (parameters.length + updater.length + gradient.length);
  }
}
