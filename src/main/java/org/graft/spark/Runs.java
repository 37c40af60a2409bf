package org.graft.spark;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Names of runs: they sort by time, and no two are the same. */
public final class Runs {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private Runs() {}

  public static String newId(Instant now) {
    return TIME.format(now) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
