package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final String F32_AT_0 = "'dtype':'F32','shape':[2],'data_offsets':[0,8]";

  @TempDir Path folder;

  @Test
  void readsWhatTheReferenceWrote() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(GoldenTensors.path("tiny.safetensors"))) {
      GoldenTensors.assertHolds("tiny.safetensors", file);
      assertEquals(Map.of("format", "pt"), file.metadata());
    }
  }

  @Test
  void readsWhatItWrote() throws IOException {
    float[] longer = new float[600_000];
    for (int i = 0; i < longer.length; i++) {
      longer[i] = i * 0.37f;
    }
    Path path = folder.resolve("own");
    Files.write(
        path,
        written(
            new SafetensorsWriter()
                .metadata("licence", "Apache-2.0")
                .add("z/longer", new long[] {600, 1000}, longer)
                .add("a \"quoted\" ü", new long[0], new float[] {-0.0f})
                .add("none", new long[] {3, 0}, new float[0])));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of("a \"quoted\" ü", "none", "z/longer"), List.copyOf(file.names()));
      assertEquals(Map.of("licence", "Apache-2.0"), file.metadata());
      assertArrayEquals(longer, file.read("z/longer"));
      assertArrayEquals(new long[] {600, 1000}, file.shape("z/longer"));
      assertArrayEquals(new float[] {-0.0f}, file.read("a \"quoted\" ü"));
      assertArrayEquals(new long[] {3, 0}, file.shape("none"));
      assertEquals(0, file.read("none").length);
    }
  }

  @Test
  void writesTheSameBytesInAnyOrder() throws IOException {
    float[] one = {1};
    byte[] ab =
        written(
            new SafetensorsWriter()
                .metadata("x", "1")
                .metadata("y", "2")
                .add("a", new long[] {1}, one)
                .add("b", new long[] {1, 1}, one));
    byte[] ba =
        written(
            new SafetensorsWriter()
                .add("b", new long[] {1, 1}, one)
                .add("a", new long[] {1}, one)
                .metadata("y", "2")
                .metadata("x", "1"));
    assertArrayEquals(ab, ba);
  }

  @Test
  void writerRefusesValuesThatDoNotFillTheShape() {
    SafetensorsWriter writer = new SafetensorsWriter();
    assertThrows(
        IllegalArgumentException.class, () -> writer.add("a", new long[] {3}, new float[2]));
  }

  @Test
  void readsBeyondTwoGigabytes() throws IOException {
    long gap = 3L << 30;
    String header =
        ("{'gap':{'dtype':'U8','shape':[%d],'data_offsets':[0,%d]},"
                + "'far':{'dtype':'F32','shape':[1],'data_offsets':[%d,%d]}}")
            .formatted(gap / 2, gap / 2, gap, gap + 4)
            .replace("},'far'", "},'gap2':{'dtype':'U8','shape':[%d],'data_offsets':[%d,%d]},'far'")
            .formatted(gap / 2, gap / 2, gap);
    Path path = file(header, new byte[0]);
    long start = Files.size(path);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      ByteBuffer value = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 4.25f);
      channel.write(value, start + gap); // sparse: nothing is stored in between
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(new float[] {4.25f}, file.read("far"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[1099511627776],'data_offsets':[0,8]}} | has shape [1099511627776] but 8 bytes of F32",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | has shape",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | has shape [-2]",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | has shape [3] but 8 bytes",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}} | lies at [-8, 0]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | lies at [8, 0]",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | ends at byte 16 of 8",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | its tensors end at",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | begins at byte 4, where 0 was due",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | begins at byte 4, where 8 was due",
        "{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | element type F8_E4M3",
        "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}} | 2.5 for a whole number",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | 99999999999999999999 for a whole number",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}} | needs dtype, shape, data_offsets",
        "{'a':7} | is not as the format says: 7",
        "{'__metadata__':{'n':1}} | is not as the format says: 1",
        "{'a':{" + F32_AT_0 + "},'a':{" + F32_AT_0 + "}} | Duplicate field 'a'",
        "{'a':{" + F32_AT_0 + "}} {} | Cannot read the header",
        "{'a':{" + F32_AT_0 + "} | Cannot read the header",
        "[] | does not begin with '{'",
      })
  void refusesABrokenHeader(String header, String why) throws IOException {
    assertRefused(file(header, new byte[8]), why);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 500, (16 << 20) + 1, 100L << 20, Long.MAX_VALUE, Long.MIN_VALUE})
  void refusesAnAbsurdHeaderLength(long length) throws IOException {
    Path path = file("{}", new byte[0]);
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    Files.write(path, bytes);
    assertRefused(path, "its header would have " + length + " bytes");
  }

  @Test
  void survivesDamage() throws IOException {
    Mutations.of(GoldenTensors.path("tiny.safetensors")).survive(folder, SafetensorsFile::open);
  }

  private static void assertRefused(Path path, String why) {
    UserError error = assertThrows(UserError.class, () -> SafetensorsFile.open(path));
    assertTrue(error.getMessage().contains(why), error.getMessage());
    assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
  }

  /**
   * @param header JSON with single quotes
   */
  private Path file(String header, byte[] data) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("made.safetensors"), bytes.array());
  }

  private static byte[] written(SafetensorsWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.writeTo(out);
    return out.toByteArray();
  }
}
