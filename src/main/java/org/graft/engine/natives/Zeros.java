package org.graft.engine.natives;

import java.nio.ByteBuffer;

/** What is not needed is overwritten: so nothing moves, and archives make nothing of it. */
final class Zeros {
  private Zeros() {}

  static void fill(ByteBuffer bytes, int from, int to) {
    bytes.slice(from, to - from).put(new byte[to - from]);
  }
}
