package org.graft.common;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong, so that the user hears it all at once. */
public final class Problems {
  private final List<String> messages = new ArrayList<>();

  public void add(String format, Object... args) {
    messages.add(args.length == 0 ? format : String.format(format, args));
  }

  public void check(boolean holds, String format, Object... args) {
    if (!holds) {
      add(format, args);
    }
  }

  public List<String> messages() {
    return List.copyOf(messages);
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Throws one {@link UserError} that lists all problems under {@code heading}. */
  public void throwIfAny(String heading) {
    if (messages.isEmpty()) {
      return;
    }
    String count = messages.size() == 1 ? "1 problem" : messages.size() + " problems";
    throw new UserError(heading + " (" + count + "):\n  - " + String.join("\n  - ", messages));
  }
}
