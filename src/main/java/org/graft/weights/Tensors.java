package org.graft.weights;

import java.io.IOException;
import java.util.Set;

/**
 * The named arrays of a weight file, read one at a time. Readers check every offset and size
 * against the file before they allocate. Not thread-safe.
 */
public interface Tensors extends AutoCloseable {
  /** In the file's order. */
  Set<String> names();

  /** The shape, outermost dimension first; empty for a scalar. */
  long[] shape(String name);

  /** The values in row-major ('c') order; half and double precision are converted. */
  float[] read(String name) throws IOException;

  @Override
  void close() throws IOException;
}
