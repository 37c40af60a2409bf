package org.graft.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayRangeTest {
  private static final DayRange JANUARY = new DayRange("date", "2026-01-01", "2026-01-31");

  @ParameterizedTest
  @CsvSource({
    "/date=2026-01-01/cat/1.png, true",
    "/date=2026-01-31/cat/1.png, true",
    "/cat/date=2026-01-15/1.png, true",
    "/date=2025-12-31/cat/1.png, false",
    "/date=2026-02-01/cat/1.png, false",
    "/cat/1.png, false",
    "/cat/date=2026-01-15, false",
    "/mydate=2026-01-15/1.png, false",
    "/date=2026-01-32/1.png, false",
    "/date=20260115/1.png, false",
  })
  void aFileIsOfTheDayOfItsFolder(String path, boolean held) {
    assertEquals(held, JANUARY.holdsPath(path));
  }

  @Test
  void eitherEndMayBeOpen() {
    assertTrue(new DayRange("date", "2026-01-01", "").holds("9999-12-31"));
    assertFalse(new DayRange("date", "2026-01-02", "").holds("2026-01-01"));
    assertTrue(new DayRange("date", "", "2026-01-01").holds("1999-01-01"));
    assertTrue(DayRange.DEFAULTS.isAll());
  }

  @Test
  void theDaysFolderIsNoClass() {
    assertEquals("/cat/1.png", JANUARY.withoutDay("/date=2026-01-01/cat/1.png"));
    assertEquals("/cat/1.png", JANUARY.withoutDay("/cat/date=2026-01-01/1.png"));
    DayRange odd = new DayRange("d.y", "2026-01-01", "");
    assertFalse(odd.holdsPath("/dxy=2026-01-01/1.png"));
  }
}
