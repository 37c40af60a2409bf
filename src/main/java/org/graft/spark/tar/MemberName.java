package org.graft.spark.tar;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A member's name as WebDataset reads it: {@code train/cat/0001.left.jpg} is {@code left.jpg} of
 * the sample {@code train/cat/0001}.
 *
 * @param key all up to the first dot of the last name
 * @param kind what follows that dot, in lower case; empty where there is none
 */
record MemberName(String key, String kind) {
  private static final Set<String> PICTURES = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  static MemberName of(String name) {
    String plain = name.startsWith("./") ? name.substring(2) : name;
    int slash = plain.lastIndexOf('/');
    int dot = plain.indexOf('.', slash + 1);
    return dot < 0
        ? new MemberName(plain, "")
        : new MemberName(
            plain.substring(0, dot), plain.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  boolean isPicture() {
    return PICTURES.contains(kind);
  }

  /** The first folder, or an empty text. */
  String folder() {
    List<String> names = Arrays.stream(key.split("/", -1)).filter(n -> !n.isEmpty()).toList();
    return names.size() < 2 ? "" : names.get(0);
  }

  /** What systems and tar's makers leave behind: {@code .DS_Store}, {@code __index__}. */
  static boolean isHidden(String name) {
    String plain = name.startsWith("./") ? name.substring(2) : name;
    return Arrays.stream(plain.split("/", -1))
            .anyMatch(part -> part.startsWith(".") && !part.equals(".") && !part.equals(".."))
        || (!plain.contains("/") && plain.startsWith("__") && plain.endsWith("__"));
  }
}
