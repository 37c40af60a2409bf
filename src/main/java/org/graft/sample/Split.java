package org.graft.sample;

import java.util.Locale;
import java.util.Optional;

/** What a sample is for. */
public enum Split {
  TRAIN,
  VALIDATION,
  TEST;

  /** The name used in files: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a split column, with the other names in use: val, valid, dev. */
  public static Optional<Split> parse(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAIN);
      case "validation", "valid", "val", "dev" -> Optional.of(VALIDATION);
      case "test" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }
}
