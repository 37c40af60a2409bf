package org.graft.weights;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * A tensor whose elements lie one after the other, row-major.
 *
 * @param offset of its first byte
 * @param count of its elements, which are all there
 */
record StoredTensor(ByteRun run, ElementType type, Shape shape, long offset, int count)
    implements TensorMap.Entry {
  /**
   * @param file that says so, named in errors
   * @param bytes that the file says it has
   * @throws org.graft.common.UserError unless shape, type and bytes agree and all lies in the run
   */
  static StoredTensor of(
      TensorFile file,
      String name,
      ByteRun run,
      ElementType type,
      Shape shape,
      long offset,
      long bytes) {
    if (!run.holds(offset, bytes)) {
      throw file.damaged(
          "tensor '%s' lies at bytes %d to %d of %d", name, offset, offset + bytes, run.size());
    }
    int count = count(file, name, shape);
    if ((long) count * type.bytes() != bytes) {
      throw file.damaged("tensor '%s' has shape %s but %d bytes of %s", name, shape, bytes, type);
    }
    return new StoredTensor(run, type, shape, offset, count);
  }

  /** As many elements as a float[] may have. */
  static int count(TensorFile file, String name, Shape shape) {
    OptionalLong elements = shape.elements();
    if (elements.isEmpty() || elements.getAsLong() > TensorFile.LONGEST_ARRAY) {
      throw file.damaged("tensor '%s' has the shape %s (limit: 2^31 - 9)", name, shape);
    }
    return (int) elements.getAsLong();
  }

  @Override
  public float[] read() throws IOException {
    return run.floats(type, offset, count);
  }
}
