package org.graft.sample;

import java.io.IOException;

/**
 * One thing before it is decoded.
 *
 * @param key SHA-256 of its bytes, in hex; empty where they were not read yet
 * @param path where it was found, for people
 * @param content its bytes, read when they are wanted, on the thread that wants them
 */
public record Sample(String key, String path, Content content) {
  /** The bytes of a sample, wherever they are. */
  @FunctionalInterface
  public interface Content {
    byte[] read() throws IOException, RejectedException;
  }

  /** A sample whose bytes are here already. */
  public static Sample of(String key, String path, byte[] bytes) {
    return new Sample(key, path, () -> bytes);
  }
}
