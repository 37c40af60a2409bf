package org.graft.spark;

import static org.apache.spark.sql.functions.udf;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Paths that come from data: made absolute under a folder, and never outside it. One that leads out
 * becomes {@value #OUTSIDE} and the path, which no file system opens.
 */
final class InnerPaths {
  static final String OUTSIDE = "outside:";

  private InnerPaths() {}

  static UserDefinedFunction under(String folder) {
    UDF1<String, String> resolve = path -> resolve(folder, path);
    return udf(resolve, DataTypes.StringType);
  }

  static String resolve(String folder, String path) {
    if (path == null || path.isBlank()) {
      return "";
    }
    String relative = path.startsWith(folder + "/") ? path.substring(folder.length() + 1) : path;
    if (relative.startsWith("/") || relative.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return OUTSIDE + path;
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : relative.split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          return OUTSIDE + path;
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return folder + "/" + String.join("/", names);
  }
}
