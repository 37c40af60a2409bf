package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleWeightsTest {
  @Test
  void numbersFromZeroOnAreWeightsAndNothingIsOne() {
    assertEquals(1, SampleWeights.weight("a.png", "w", ""));
    assertEquals(0, SampleWeights.weight("a.png", "w", "0"));
    assertEquals(2.5f, SampleWeights.weight("a.png", "w", "2.5"));
    assertEquals(1e-3f, SampleWeights.weight("a.png", "w", "1e-3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "NaN", "Infinity", "1e39", "heavy"})
  void anythingElseIsRefusedByName(String bad) {
    UserError error = assertThrows(UserError.class, () -> SampleWeights.weight("a.png", "w", bad));
    assertEquals(
        "Cannot weigh sample a.png: column 'w' is '%s', and a weight is a number, 0 or more. Correct it, or leave it empty for a weight of 1."
            .formatted(bad),
        error.getMessage());
  }
}
