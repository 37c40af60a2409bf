package org.graft.weights;

import java.util.List;
import java.util.OptionalLong;

/**
 * A tensor as torch pickles it: a strided view into a storage.
 *
 * @param offset of the first element in the storage, in elements
 * @param strides in elements, one a dimension
 */
record TorchTensor(Storage storage, long offset, Shape shape, List<Long> strides) {
  /** Views may repeat elements (expand); this many even where the storage is smaller. */
  static final long MOST_REPEATED = 1 << 20;

  /**
   * A flat array in the file.
   *
   * @param key of the storage that has the bytes
   * @param start of this storage within that one, in elements (old files have such views)
   * @param length in elements
   */
  record Storage(ElementType type, String key, long start, long length) {}

  /** Whether every element lies inside the storage and the tensor fits into a float[]. */
  boolean isSound() {
    OptionalLong elements = shape.elements();
    if (strides.size() != shape.dimensions().size() || offset < 0 || elements.isEmpty()) {
      return false;
    }
    long count = elements.getAsLong();
    return count <= Math.max(storage.length, MOST_REPEATED)
        && count <= TensorFile.LONGEST_ARRAY
        && (count == 0 || (offset < storage.length && spanFits()));
  }

  private boolean spanFits() {
    long room = storage.length - offset;
    long last = 0;
    for (int d = 0; d < strides.size(); d++) {
      long steps = shape.dimensions().get(d) - 1;
      long stride = strides.get(d);
      if (stride < 0 || (steps > 0 && stride > room / steps)) {
        return false;
      }
      last += steps * stride;
      if (last >= room) {
        return false;
      }
    }
    return room <= TensorFile.LONGEST_ARRAY || last < TensorFile.LONGEST_ARRAY;
  }

  int elements() {
    return (int) shape.elements().orElseThrow();
  }

  /** Elements from the first to the last, both included: what must be read. */
  int span() {
    if (elements() == 0) {
      return 0;
    }
    long last = 0;
    for (int d = 0; d < strides.size(); d++) {
      last += (shape.dimensions().get(d) - 1) * strides.get(d);
    }
    return (int) last + 1;
  }

  /** The elements in row-major order, given the span's. */
  float[] gather(float[] span) {
    if (isContiguous()) {
      return span;
    }
    float[] values = new float[elements()];
    int[] index = new int[strides.size()];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = span[from];
      for (int d = index.length - 1; d >= 0; d--) {
        from += (int) (long) strides.get(d);
        if (++index[d] < shape.dimensions().get(d)) {
          break;
        }
        from -= (int) (strides.get(d) * index[d]);
        index[d] = 0;
      }
    }
    return values;
  }

  private boolean isContiguous() {
    long expected = 1;
    for (int d = strides.size() - 1; d >= 0; d--) {
      long size = shape.dimensions().get(d);
      if (size > 1 && strides.get(d) != expected) {
        return false;
      }
      expected *= size;
    }
    return true;
  }
}
