package org.graft.weights;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** The dimensions of a tensor as a file declares them, outermost first; they may be absurd. */
record Shape(List<Long> dimensions) {
  Shape {
    dimensions = List.copyOf(dimensions);
  }

  static Shape of(long... dimensions) {
    return new Shape(LongStream.of(dimensions).boxed().toList());
  }

  /** The number of elements; empty if a dimension is negative or their product passes 2^63. */
  OptionalLong elements() {
    long product = 1;
    for (long dimension : dimensions) {
      if (dimension < 0 || (dimension > 0 && product > Long.MAX_VALUE / dimension)) {
        return OptionalLong.empty();
      }
      product *= dimension;
    }
    return OptionalLong.of(product);
  }

  long[] toArray() {
    return dimensions.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String toString() {
    return dimensions.toString();
  }
}
