package org.graft.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FarOutTest {
  @Test
  void threeRangesBeyondTheUpperQuartile() {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int i = 0; i < 1000; i++) { // 0.2 to 0.4: quartiles 0.25 and 0.35
      counts.merge(FarOut.bin(0.2 + 0.2 * i / 1000), 1L, Long::sum);
    }
    assertEquals(0.35 + 3 * 0.1, FarOut.bound(counts), 0.003);
  }

  @Test
  void nothingIsFarOutOfNothing() {
    assertEquals(Double.POSITIVE_INFINITY, FarOut.bound(Map.of()));
  }
}
