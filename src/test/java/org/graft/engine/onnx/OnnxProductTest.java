package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OnnxProductTest {
  @Test
  void multipliesFloats() {
    try (OnnxProduct product = OnnxProduct.fp32(24)) {
      product.run();
      assertEquals(24 * 0.5 * 0.25, product.value());
    }
  }

  @Test
  void multipliesUnsignedBySignedBytes() {
    try (OnnxProduct product = OnnxProduct.int8(24)) {
      product.run();
      assertEquals(24 * 200 * -3, product.value());
    }
  }
}
