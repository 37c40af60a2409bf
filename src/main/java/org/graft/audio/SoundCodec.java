package org.graft.audio;

import org.graft.sample.RejectedException;

/**
 * A decoder of one kind of file, found by {@link java.util.ServiceLoader}: the core knows none by
 * name. Thread-safe.
 */
public interface SoundCodec {
  SoundFormat format();

  /**
   * @param content a whole file of that format; not kept, not changed
   * @return all channels averaged
   * @throws RejectedException for any bytes that are not a whole, healthy sound within the limit
   */
  Sound decode(byte[] content, SoundLimit limit) throws RejectedException;

  /** The library's name and version, for fingerprints. */
  String name();
}
