package org.graft.spark;

import java.nio.ByteBuffer;
import java.util.List;
import org.graft.common.Digest;

/** A digest of a set of rows that does not depend on their order. */
final class RowDigest {
  private RowDigest() {}

  static long[] of(String key, List<String> labels, String split) {
    Digest digest = new Digest().add(key).add(split);
    labels.forEach(digest::add);
    long[] words = new long[4];
    ByteBuffer.wrap(digest.bytes()).asLongBuffer().get(words);
    return words;
  }

  static long[] add(long[] a, long[] b) {
    long[] sum = new long[4];
    for (int i = 0; i < 4; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
