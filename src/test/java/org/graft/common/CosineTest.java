package org.graft.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CosineTest {
  @Test
  void isOfDirectionsAlone() {
    assertEquals(0.6, Cosine.of(new float[] {3, 4}, new float[] {2, 0}), 1e-12);
    assertEquals(-1, Cosine.of(new float[] {1, -2}, new float[] {-10, 20}), 1e-12);
    assertEquals(1, Cosine.of(new float[] {3e19f, 0}, new float[] {1e-19f, 0}), 1e-12);
  }

  @Test
  void ofZerosAndOfWhatIsNoNumber() {
    float[] zero = new float[2];
    assertEquals(1, Cosine.of(zero, zero));
    assertEquals(0, Cosine.of(zero, new float[] {1, 0}));
    assertTrue(Double.isNaN(Cosine.of(new float[] {1, Float.NaN}, new float[] {1, 1})));
    float[] infinite = {Float.POSITIVE_INFINITY, 0};
    assertTrue(Double.isNaN(Cosine.of(infinite, infinite)));
  }
}
