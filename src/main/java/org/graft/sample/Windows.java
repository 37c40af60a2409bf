package org.graft.sample;

import java.util.Iterator;
import java.util.List;

/**
 * The inputs of a network that one sample becomes, in their order: a picture is one; a long text or
 * recording is several, made one after another, so that they are not all in memory.
 */
@FunctionalInterface
public interface Windows {
  /** The next one; null after the last. There is one at least. */
  float[] next() throws RejectedException;

  static Windows of(float[]... all) {
    Iterator<float[]> each = List.of(all).iterator();
    return () -> each.hasNext() ? each.next() : null;
  }
}
