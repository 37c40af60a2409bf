package org.graft.guide;

import java.util.Map;

/**
 * A fenced block of a page. What a comment before it says, {@code <!-- NAME: TEXT -->}, is its
 * marks:
 *
 * <dl>
 *   <dt>{@code given: Type name, Type name}, in Scala {@code name: Type}
 *   <dd>variables that the code around it has
 *   <dt>{@code unchecked: reason}
 *   <dd>nothing here can check it
 * </dl>
 *
 * @param page whose it is
 * @param line of its fence, from 1 on
 * @param language behind the fence; empty where nothing stands there
 */
public record Block(
    GuidePage page, int line, String language, String text, Map<String, String> marks) {
  public String where() {
    return page.file() + ":" + line;
  }

  public String mark(String name) {
    return marks.getOrDefault(name, "");
  }

  boolean isUnchecked() {
    return marks.containsKey("unchecked");
  }
}
