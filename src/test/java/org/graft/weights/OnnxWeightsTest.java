package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxWeightsTest {
  private static final long PACKED_FLOATS = 4;
  private static final long RAW = 9;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"tiny.onnx, tiny.onnx", "onnx_external/model.onnx, onnx_external"})
  void readsWhatOnnxWrote(String path, String expected) throws IOException {
    try (Tensors tensors = OnnxWeights.open(GoldenTensors.path(path))) {
      GoldenTensors.assertHolds(expected, tensors);
    }
  }

  @Test
  void readsWholeNumbersOnlyIfExact() throws IOException {
    try (Tensors tensors = OnnxWeights.open(GoldenTensors.path("odd.onnx"))) {
      assertEquals(Set.of("huge", "exact"), tensors.names());
      assertArrayEquals(new float[] {1 << 24, -5}, tensors.read("exact"));
      String message = assertThrows(UserError.class, () -> tensors.read("huge")).getMessage();
      assertTrue(message.contains("9223372036854775807, which no float holds"), message);
    }
  }

  @Test
  void namesItsExternalFiles() throws IOException {
    assertEquals(
        List.of("model.onnx.data"),
        WeightFormat.companions(GoldenTensors.path("onnx_external/model.onnx")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret", "/etc/passwd", "sub/x", "", ".."})
  void refusesAnExternalFileElsewhere(String location) throws IOException {
    byte[] entry = join(field(1, text("location")), field(2, text(location)));
    Path path = model(join(number(1, 2), number(2, 1), number(14, 1), field(13, entry)));
    assertRefused(path, "which is not one beside it");
    assertThrows(UserError.class, () -> WeightFormat.companions(path));
  }

  @Test
  void refusesAnExternalTensorOutsideItsFile() throws IOException {
    Files.write(folder.resolve("data"), new byte[8]);
    byte[] entry = join(field(1, text("location")), field(2, text("data")));
    byte[] offset = join(field(1, text("offset")), field(2, text("4")));
    byte[] start = join(number(1, 2), number(2, 1), number(14, 1), field(13, entry));
    assertRefused(model(join(start, field(13, offset))), "lies at bytes 4 to 12 of 8");
  }

  @Test
  void refusesShapesThatDoNotFitTheirValues() throws IOException {
    byte[] eight = new byte[8];
    assertRefused(
        model(join(number(1, 1L << 40), number(2, 1), field(RAW, eight))),
        "has the shape [1099511627776] (limit");
    assertRefused(
        model(join(number(1, 1 << 30), number(2, 1), field(RAW, eight))),
        "has shape [1073741824] but 8 bytes of F32");
    assertRefused(
        model(join(number(1, 3), number(2, 1), field(PACKED_FLOATS, eight))),
        "has shape [3] but 8 bytes of F32");
    assertRefused(model(join(number(1, 9), number(2, 6), field(5, eight))), "but 8 bytes of I32");
    assertRefused(model(join(number(1, -1), number(2, 1))), "has the shape [-1]");
  }

  @Test
  void readsValuesInPieces() throws IOException {
    byte[] two = {0, 0, 0, 64, 0, 0, (byte) 0x80, 63};
    byte[] unpacked = {(byte) (PACKED_FLOATS << 3 | 5), 0, 0, 64, 64};
    Path path = model(join(number(1, 3), number(2, 1), field(PACKED_FLOATS, two), unpacked));
    try (Tensors tensors = OnnxWeights.open(path)) {
      assertArrayEquals(new float[] {2, 1, 3}, tensors.read(""));
    }
  }

  @Test
  void survivesDamage() throws IOException {
    Mutations.of(GoldenTensors.path("tiny.onnx")).survive(folder, OnnxWeights::open);
    Mutations.of(GoldenTensors.path("onnx_external"))
        .survive(folder, "model.onnx", OnnxWeights::open);
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> OnnxWeights.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }

  /** A model with one initialiser. */
  private Path model(byte[] tensor) throws IOException {
    byte[] model = join(number(1, 8), field(7, field(5, tensor)));
    return Files.write(folder.resolve("made.onnx"), model);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] field(long number, byte[] value) {
    return join(varint(number << 3 | 2), varint(value.length), value);
  }

  private static byte[] number(long number, long value) {
    return join(varint(number << 3), varint(value));
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long left = value; ; left >>>= 7) {
      if (left >>> 7 == 0) {
        out.write((int) left);
        return out.toByteArray();
      }
      out.write(((int) left & 0x7f) | 0x80);
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
