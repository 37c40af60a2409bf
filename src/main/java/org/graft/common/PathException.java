package org.graft.common;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * "Cannot write PATH: why". The system's own messages leave out the one ("No space left on device")
 * or the other ({@link FileSystemException} often has only the path).
 */
public final class PathException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param verb what failed: read, write, list, delete
   */
  public PathException(String verb, String path, String why) {
    super("Cannot " + verb + " " + path + ": " + why);
  }

  public PathException(String verb, String path, IOException cause) {
    super("Cannot " + verb + " " + path + ": " + why(cause), cause);
  }

  private static String why(IOException cause) {
    if (cause instanceof AccessDeniedException denied) {
      return "Permission denied (" + denied.getFile() + ")";
    }
    boolean bare = cause.getMessage() == null || cause instanceof FileSystemException;
    return bare ? cause.toString() : cause.getMessage();
  }
}
