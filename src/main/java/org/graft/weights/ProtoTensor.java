package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.UserError;

/**
 * A tensor whose elements lie in a protobuf message, as bytes or as numbers of a repeated field.
 * ONNX's and TensorFlow's {@code TensorProto} differ only in their fields' numbers.
 */
final class ProtoTensor implements TensorMap.Entry {
  /** Packed or not, writers make few pieces; each costs more memory than it has bytes. */
  private static final int MOST_PIECES = 1 << 16;

  private static final int LONGEST_VARINT = 10;

  /** Whole numbers up to here are floats. */
  private static final long EXACT = 1 << 24;

  private final TensorFile file;
  private final String name;
  private final ElementType type;
  private final Shape shape;
  private final int count;
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private boolean varints;
  private boolean repeatsLast;
  private boolean exact;

  /**
   * @param type of the elements; half precision in a repeated field is by its bits
   */
  ProtoTensor(TensorFile file, String name, ElementType type, Shape shape) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.count = StoredTensor.count(file, name, shape);
  }

  /** Elements as bytes. */
  ProtoTensor bytes(ByteBuffer raw) {
    pieces.add(raw);
    return this;
  }

  /**
   * Elements of a repeated field.
   *
   * @param varints whether they are variable-length numbers and not fixed ones
   */
  ProtoTensor values(List<ByteBuffer> values, boolean varints) {
    pieces.addAll(values);
    this.varints = varints;
    if (pieces.size() > MOST_PIECES) {
      throw file.unsupported(
          "tensor '" + name + "' is in " + pieces.size() + " pieces", "Write it with raw_data.");
    }
    return this;
  }

  /** Where there are fewer values than elements, the last one stands for the rest. */
  ProtoTensor repeatingLast() {
    repeatsLast = true;
    return this;
  }

  /** Whole numbers that no float holds are refused when they are read. */
  ProtoTensor exact() {
    exact = true;
    return this;
  }

  /** Refuses a tensor that promises more elements than there are bytes for. */
  ProtoTensor checked() {
    long bytes = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
    long fewest = varints ? count : (long) count * type.bytes();
    long most = varints ? (long) count * LONGEST_VARINT : fewest;
    boolean repeats =
        repeatsLast && bytes > 0 && bytes < fewest && count <= TorchTensor.MOST_REPEATED;
    if (bytes > most || (bytes < fewest && !repeats)) {
      throw wrongLength(bytes);
    }
    return this;
  }

  private UserError wrongLength(long bytes) {
    return file.damaged("tensor '%s' has shape %s but %d bytes of %s", name, shape, bytes, type);
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public float[] read() {
    float[] values = new float[count];
    int done = 0;
    for (ByteBuffer piece : pieces) {
      ByteBuffer bytes = piece.duplicate().order(piece.order());
      while (bytes.hasRemaining()) {
        if (done == count || (!varints && bytes.remaining() < type.bytes())) {
          throw wrongLength(bytes.capacity());
        }
        values[done++] = varints ? varint(bytes) : element(bytes);
      }
    }
    if (done < count && !(repeatsLast && done > 0)) {
      throw wrongLength(done);
    }
    for (int i = done; i < count; i++) {
      values[i] = values[done - 1];
    }
    return values;
  }

  private float varint(ByteBuffer bytes) {
    long value = file.varint(bytes);
    if (type.isFraction()) {
      return type.get(ByteBuffer.allocate(Short.BYTES).putShort(0, (short) value));
    }
    return whole(type == ElementType.I64 ? value : type.narrow(value));
  }

  private float element(ByteBuffer bytes) {
    if (!exact || type.isFraction() || type.bytes() < Integer.BYTES) {
      return type.get(bytes);
    }
    long value = type == ElementType.I64 ? bytes.getLong() : type.narrow(bytes.getInt());
    return whole(value);
  }

  private float whole(long value) {
    float nearest = value;
    if (exact
        && (value > EXACT || value < -EXACT)
        && ((long) nearest != value || value == Long.MAX_VALUE)) {
      throw file.unsupported(
          "tensor '%s' has the whole number %d, which no float holds".formatted(name, value),
          "Do not use it as a weight.");
    }
    return nearest;
  }
}
