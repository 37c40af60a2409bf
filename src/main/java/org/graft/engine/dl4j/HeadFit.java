package org.graft.engine.dl4j;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * What one worker brings back from a round. It is bytes from where it is made to where it is added
 * up: small heads have megabytes of numbers, and in a round of a few steps every copy of them costs
 * as much as a step.
 */
public final class HeadFit {
  private static final int HEADER = Long.BYTES + Integer.BYTES + 4 * Double.BYTES;

  /** Of a worker that has no rows left in this epoch. */
  static final HeadFit NOTHING =
      of(
          0,
          0,
          FloatBuffer.allocate(0),
          FloatBuffer.allocate(0),
          FloatBuffer.allocate(0),
          0,
          0,
          0,
          0);

  private final byte[] bytes;

  /** Rows fitted: the weight in the average. */
  final long examples;

  /** Batches fitted. */
  final int steps;

  /** Sum over the rows of the loss, with the l2 penalty, each at the parameters of its step. */
  final double loss;

  /** Square of the way from the round's parameters to these. */
  final double squares;

  /** Fitting. */
  final double seconds;

  /** Reading what the round says. */
  final double unpackSeconds;

  final FloatBuffer parameters;
  final FloatBuffer updater;

  /** Sum over the rows of the loss's gradient, each at the parameters of its step. */
  final FloatBuffer gradient;

  private HeadFit(byte[] bytes) {
    this.bytes = bytes;
    ByteBuffer in = Floats.over(bytes);
    this.examples = in.getLong();
    this.steps = in.getInt();
    this.loss = in.getDouble();
    this.squares = in.getDouble();
    this.seconds = in.getDouble();
    this.unpackSeconds = in.getDouble();
    this.parameters = Floats.view(in);
    this.updater = Floats.view(in);
    this.gradient = Floats.view(in);
  }

  /** The numbers are copied, once. */
  static HeadFit of(
      long examples,
      int steps,
      FloatBuffer parameters,
      FloatBuffer updater,
      FloatBuffer gradient,
      double loss,
      double squares,
      double seconds,
      double unpackSeconds) {
    byte[] bytes =
        new byte
            [HEADER + Floats.bytes(parameters) + Floats.bytes(updater) + Floats.bytes(gradient)];
    ByteBuffer out = Floats.over(bytes);
    out.putLong(examples).putInt(steps);
    out.putDouble(loss).putDouble(squares).putDouble(seconds).putDouble(unpackSeconds);
    Floats.put(out, parameters);
    Floats.put(out, updater);
    Floats.put(out, gradient);
    return new HeadFit(bytes);
  }

  /** What {@link #toBytes} gave. */
  public static HeadFit of(byte[] bytes) {
    return new HeadFit(bytes);
  }

  /** Of the numbers that are averaged. */
  long floats() {
    return (long) parameters.remaining() + updater.remaining() + gradient.remaining();
  }

  /** Not to be written to. */
  public byte[] toBytes() {
    return bytes;
  }
}
