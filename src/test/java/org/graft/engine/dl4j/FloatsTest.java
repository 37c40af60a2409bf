package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FloatsTest {
  @Test
  void everyBitSurvives() {
    int oddNan = 0x7fc12345;
    float[] values = {-0f, Float.MIN_VALUE, Float.intBitsToFloat(oddNan), Float.NEGATIVE_INFINITY};
    byte[] bytes = new byte[2 * Floats.bytes(values) + Integer.BYTES];
    ByteBuffer out = Floats.over(bytes);
    Floats.put(out, values);
    Floats.put(out, new float[0]);
    Floats.put(out, values);
    assertEquals(0, out.remaining());
    ByteBuffer in = Floats.over(bytes);
    assertArrayEquals(bits(values), bits(Floats.get(in)));
    assertEquals(0, Floats.view(in).remaining());
    assertEquals(oddNan, Float.floatToRawIntBits(Floats.view(in).get(2)));
    assertEquals(0, in.remaining());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void lengthsThatLieAreRefused() {
    for (int length : new int[] {-1, 3, Integer.MAX_VALUE}) {
      byte[] bytes = new byte[Integer.BYTES + 2 * Float.BYTES];
      Floats.over(bytes).putInt(length);
      assertThrows(BufferUnderflowException.class, () -> Floats.view(Floats.over(bytes)));
    }
    byte[] nine = new byte[Integer.BYTES + 8];
    Floats.over(nine).putInt(9);
    assertThrows(BufferUnderflowException.class, () -> Floats.bytes(Floats.over(nine)));
  }

  @Test
  void aStateThatEndsTooSoonNamesWhereItLies() {
    HeadState network = new HeadState(1, 0, new float[] {1, 2}, new float[] {3});
    byte[] whole = TrainingState.of(network, 5).toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> TrainingState.of(part, "round-7"));
      assertEquals("Cannot read round-7", e.getMessage());
    }
  }
}
