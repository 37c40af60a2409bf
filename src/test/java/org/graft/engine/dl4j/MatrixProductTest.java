package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class MatrixProductTest {
  @Test
  void multiplies() {
    try (MatrixProduct product = new MatrixProduct(24)) {
      product.run();
      assertEquals(24 * 0.5f * 0.25f, product.value());
    }
    assertFalse(MatrixProduct.library().isEmpty());
  }
}
