package org.graft.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Other files that a weight file names. They lie beside it, and nowhere else. */
final class Companions {
  /** One step of a path on any system: no separators, drives or control characters. */
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^/\\\\:\\p{Cntrl}]{1,255}");

  private Companions() {}

  /**
   * @return {@code name}
   * @throws org.graft.common.UserError if it might lead out of the folder
   */
  static String checked(TensorFile file, String name) {
    if (!NAME.matcher(name).matches()) {
      throw file.damaged("it names the file '%s', which is not one beside it", name);
    }
    return name;
  }

  /**
   * @throws org.graft.common.UserError if it might lead out of the folder, or is not there
   */
  static Path beside(TensorFile file, String name) {
    Path path = file.path().resolveSibling(checked(file, name));
    if (!Files.isRegularFile(path)) {
      throw file.unsupported(
          "its file '" + name + "' is missing", "Put it beside " + file.path().getFileName() + ".");
    }
    return path;
  }
}
