package org.graft.engine.onnx;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Bounds what an ONNX file becomes in memory, before it is parsed: two bytes of protobuf can be an
 * object of a hundred, so a file of 2 GB could want 100 GB. Weights are not counted: they stay
 * where they are.
 */
final class ParsingBudget {
  private static final long MOST_BYTES = 512L << 20;
  private static final int DEEPEST = 64;

  /** Generous, for a field and the object that it becomes. */
  private static final int FIELD = 64;

  /** For each byte of a message whose fields are not looked at. */
  private static final int INSIDE = 32;

  /** For each byte of a list of numbers: a varint of one byte is a long. */
  private static final int NUMBER = 8;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Messages of onnx.proto, by the numbers of their fields. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR;

    private static final Map<Integer, Message> IN_MODEL = Map.of(7, GRAPH);
    private static final Map<Integer, Message> IN_GRAPH = Map.of(1, NODE, 5, TENSOR);
    private static final Map<Integer, Message> IN_NODE = Map.of(5, ATTRIBUTE);
    private static final Map<Integer, Message> IN_ATTRIBUTE =
        Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH);

    Message in(int field) {
      return switch (this) {
        case MODEL -> IN_MODEL.get(field);
        case GRAPH -> IN_GRAPH.get(field);
        case NODE -> IN_NODE.get(field);
        case ATTRIBUTE -> IN_ATTRIBUTE.get(field);
        case TENSOR -> null;
      };
    }

    /** Heap bytes for each byte of a field that is bytes, text, packed numbers or a message. */
    int perByte(int field) {
      return switch (this) {
        case TENSOR ->
            switch (field) {
              case 4, 9, 10 -> 0; // float_data, raw_data, double_data
              case 1, 5, 7, 11 -> NUMBER;
              default -> INSIDE;
            };
        case ATTRIBUTE -> field == 4 || field == 7 || field == 8 ? NUMBER : INSIDE;
        case MODEL, GRAPH, NODE -> INSIDE;
      };
    }
  }

  private final ByteBuffer bytes;
  private long left = MOST_BYTES;

  private ParsingBudget(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * @param model a whole file; its position stays
   * @throws IllegalArgumentException saying what is wrong: not protobuf, or too much of it
   */
  static void check(ByteBuffer model) {
    ByteBuffer all = model.duplicate();
    new ParsingBudget(all).walk(Message.MODEL, all.limit(), 0);
  }

  private void walk(Message message, int end, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(
          "its graphs are nested more than %d deep".formatted(DEEPEST));
    }
    while (bytes.position() < end) {
      int tag = (int) varint(end);
      spend(FIELD);
      switch (tag & 7) {
        case VARINT -> varint(end);
        case FIXED64 -> skip(Long.BYTES, end);
        case FIXED32 -> skip(Integer.BYTES, end);
        case BYTES -> delimited(message, tag >>> 3, end, depth);
        default -> throw new IllegalArgumentException("it is damaged");
      }
    }
  }

  private void delimited(Message message, int field, int end, int depth) {
    long length = varint(end);
    Message inner = message.in(field);
    if (inner == null) {
      skip(length, end);
      spend(length * message.perByte(field));
    } else {
      int from = bytes.position();
      skip(length, end);
      int until = bytes.position();
      bytes.position(from);
      walk(inner, until, depth + 1);
    }
  }

  private void skip(long length, int end) {
    if (length < 0 || length > end - bytes.position()) {
      throw new IllegalArgumentException("it ends early");
    }
    bytes.position(bytes.position() + (int) length);
  }

  private void spend(long cost) {
    left -= cost;
    if (left < 0) {
      throw new IllegalArgumentException(
          "its graph, without the weights, would take more than %d MiB"
              .formatted(MOST_BYTES >> 20));
    }
  }

  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < 70 && bytes.position() < end; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("it ends early");
  }
}
