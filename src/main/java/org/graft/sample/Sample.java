package org.graft.sample;

/**
 * One labelled thing before it is decoded.
 *
 * @param key SHA-256 of {@code content}, in hex
 * @param path where it was found, for people
 * @param content its bytes; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // identity is the key's
public record Sample(String key, String path, byte[] content) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Sample that && key.equals(that.key) && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "Sample[" + path + ", " + content.length + " bytes]";
  }
}
