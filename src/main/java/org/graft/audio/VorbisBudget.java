package org.graft.audio;

import org.graft.sample.RejectedException;

/** How many numbers a file's codebooks may still have: a few bits can ask for gigabytes. */
final class VorbisBudget {
  /** Books of the usual encoders take less than a tenth of it. */
  private static final long ALL = 1 << 22;

  private long left = ALL;

  void take(long numbers) throws RejectedException {
    left -= numbers;
    if (left < 0) {
      throw OggPackets.broken("its codebooks have more than %d numbers", ALL);
    }
  }
}
