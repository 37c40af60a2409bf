package org.graft.head;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.graft.common.Json;
import org.junit.jupiter.api.Test;

class OverlapTest {
  @Test
  void samplesAreThoseOfTheGenerator() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/golden/heads/overlap.json")) {
      List<?> first =
          (List<?>) Json.readMap(in.readAllBytes(), "overlap.json").get("firstFeatures");
      for (int j = 0; j < first.size(); j++) {
        assertEquals(((Number) first.get(j)).doubleValue(), Overlap.features(0)[j]);
      }
    }
  }
}
