package org.graft.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What is running. */
public final class Version {
  private Version() {}

  /** Graft's version, as the build wrote it. */
  public static String graft() {
    try (InputStream in = Version.class.getResourceAsStream("/org/graft/version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties", e);
    }
  }
}
