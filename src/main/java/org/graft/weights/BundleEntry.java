package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.List;
import org.graft.common.ProtoMessage;

/**
 * A tensor in TensorFlow's bundle format: {@code tensor_bundle.proto}, {@code BundleEntryProto}.
 *
 * @param type {@code DataType}
 * @param shard the number of the data file
 * @param offset of its first byte there
 * @param bytes how many it has
 * @param crc of these, masked
 * @param isSliced whether it is a partitioned variable, kept in slices elsewhere
 */
record BundleEntry(
    long type, Shape shape, int shard, long offset, long bytes, int crc, boolean isSliced) {
  private static final int TYPE = 1;
  private static final int SHAPE = 2;
  private static final int SHARD = 3;
  private static final int OFFSET = 4;
  private static final int SIZE = 5;
  private static final int CRC = 6;
  private static final int SLICES = 7;

  static BundleEntry of(TensorFile file, ByteBuffer value, int shards) {
    Shape shape = Shape.of();
    long[] numbers = new long[SLICES + 1];
    ProtoMessage message = file.message(value);
    while (message.next()) {
      int field = message.field();
      if (field == SHAPE) {
        shape = TfTypes.shape(file, message.message());
      } else if (field == SLICES) {
        numbers[SLICES] = 1;
      } else if (field >= TYPE && field <= CRC) {
        numbers[field] = message.number();
      }
    }
    if (numbers[SHARD] < 0 || numbers[SHARD] >= shards) {
      throw file.damaged("a tensor is in the data file %d of %d", numbers[SHARD], shards);
    }
    return new BundleEntry(
        numbers[TYPE],
        shape,
        (int) numbers[SHARD],
        numbers[OFFSET],
        numbers[SIZE],
        (int) numbers[CRC],
        numbers[SLICES] != 0);
  }

  /** Equal for tensors of equal elements, but for a chance of 2^-32. */
  List<Object> contents() {
    return List.of(type, shape, bytes, crc);
  }
}
