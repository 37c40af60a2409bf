package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny.pth",
        "zip64.pth",
        "legacy.pth",
        "torch_2017.pth",
        "nested.pth",
        "parameter.pth"
      })
  void readsWhatTorchWrote(String name) throws IOException {
    try (TorchCheckpoint file = TorchCheckpoint.open(GoldenTensors.path(name))) {
      GoldenTensors.assertHolds(name, file);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.pth, the Python global posix.system",
    "evil_legacy.pth, the Python global posix.system",
    "module.pth, the Python global torch.nn.modules.container.Sequential",
    "complex.pth, the Python global torch.ComplexFloatStorage",
  })
  void refusesGlobalsThatNoStateDictNeeds(String name, String global) {
    String message = refusal(GoldenTensors.path(name));
    assertTrue(message.contains(global), message);
    assertTrue(message.contains("torch.save(model.state_dict(), NEW)"), message);
    assertFalse(Files.exists(Path.of("graft-was-here")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a shape of 2^40 elements, then one that leaves the storage, then negative numbers
        "(J\\0\\0\\0\\10\\212\\5\\0\\0\\0\\0\\1t (K\\1K\\1t K\\0 | does not fit its storage of 2 elements",
        "(K\\2t (K\\2t K\\0 | does not fit its storage of 2 elements",
        "(K\\2t (K\\1t K\\1 | does not fit its storage of 2 elements",
        "(K\\2t (J\\377\\377\\377\\377t K\\1 | does not fit its storage of 2 elements",
        "(J\\376\\377\\377\\377t (K\\1t K\\0 | does not fit its storage of 2 elements",
        "(K\\2t (K\\1t J\\377\\377\\377\\377 | does not fit its storage of 2 elements",
        "(K\\2t ) K\\0 | does not fit its storage of 2 elements",
        "(J\\0\\0\\0\\10t (K\\0t K\\0 | does not fit its storage of 2 elements",
        "(Nt (K\\1t K\\0 | has None where a whole number was due",
      })
  void refusesViewsOutsideTheirStorage(String shapeStridesOffset, String why) throws IOException {
    String[] parts = shapeStridesOffset.split(" ");
    assertMadeFileIsRefused(2, 8, parts, why);
  }

  @Test
  void refusesAStorageShorterThanItSays() throws IOException {
    String[] parts = {"(K\\2t", "(K\\1t", "K\\0"};
    assertMadeFileIsRefused(3, 8, parts, "storage 'x/data/0' has 2 elements, not 3");
  }

  @Test
  void readsWhatTheTestsAboveAreMadeOf() throws IOException {
    Path path = made(2, 8, new String[] {"(K\\2t", "(K\\1t", "K\\0"});
    try (TorchCheckpoint file = TorchCheckpoint.open(path)) {
      assertArrayEquals(new float[2], file.read("w"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\200\\4N. | pickle protocol 4",
        "\\200\\2P1\\n. | the pickle opcode 0x50 ('P')",
        "\\200\\2(ios\\nsystem\\n. | the pickle opcode 0x69 ('i')",
        "\\200\\2. | takes more from its stack",
        "\\200\\2N | ends early",
        "\\200\\2h\\7. | recalls what it never stored",
        "\\200\\2t. | lacks a mark",
        "\\200\\2NNs. | takes more from its stack",
        "\\200\\2NNNs. | sets items of something that is no dict",
        "\\200\\2}Ns. | takes more from its stack",
        "\\200\\2}NNs. | keys that are neither str nor int",
        "\\200\\2NNR. | calls what cannot be called",
        "\\200\\2N}b. | sets attributes of something that is no dict",
        "\\200\\2)K\\1a. | appends to something that is no list",
        "\\200\\2X\\377\\377\\377\\177a. | a string in its pickle would have 2147483647 bytes",
        "\\200\\2X\\377\\377\\377\\377a. | a string in its pickle would have -1 bytes",
        "\\200\\2NQ. | a persistent id that is no storage",
        "\\200\\2]q\\0h\\0a. | no named tensors",
        "\\200\\2K\\1. | no named tensors",
      })
  void refusesBrokenAndOddPickles(String pickle, String why) throws IOException {
    Path path = zip(bytes(pickle), 8);
    String message = refusal(path);
    assertTrue(message.contains(why), message);
  }

  @Test
  void refusesACompressedStorage() throws IOException {
    Path path = folder.resolve("deflated.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("x/data.pkl"));
      zip.write(bytes("\\200\\2N."));
    }
    String message = refusal(path);
    assertTrue(message.contains("'x/data.pkl' is compressed"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.pth", "legacy.pth", "torch_2017.pth"})
  void survivesDamage(String name) throws IOException {
    Mutations.of(GoldenTensors.path(name)).survive(folder, TorchCheckpoint::open);
  }

  private void assertMadeFileIsRefused(int declared, int stored, String[] parts, String why)
      throws IOException {
    String message = refusal(made(declared, stored, parts));
    assertTrue(message.contains(why), message);
  }

  /**
   * A state dict {w: tensor} over a storage of two floats, with shape, strides and offset given.
   */
  private Path made(int declared, int stored, String[] shapeStridesOffset) throws IOException {
    String pickle =
        "\\200\\2}X\\1\\0\\0\\0wctorch._utils\\n_rebuild_tensor_v2\\n((X\\7\\0\\0\\0storage"
            + "ctorch\\nFloatStorage\\nX\\1\\0\\0\\0000X\\3\\0\\0\\0cpuK\\"
            + declared
            + "tQ"
            + shapeStridesOffset[2]
            + shapeStridesOffset[0]
            + shapeStridesOffset[1]
            + "\\211NtRs.";
    return zip(bytes(pickle), stored);
  }

  private Path zip(byte[] pickle, int stored) throws IOException {
    Path path = folder.resolve("made.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      store(zip, "x/data.pkl", pickle);
      store(zip, "x/data/0", new byte[stored]);
    }
    return path;
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  /** Characters, with {@code \n} and octal escapes of up to three digits. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i++);
      if (c != '\\') {
        out.write(c);
      } else if (text.charAt(i) == 'n') {
        out.write('\n');
        i++;
      } else {
        int end = i;
        while (end < Math.min(i + 3, text.length()) && "01234567".indexOf(text.charAt(end)) >= 0) {
          end++;
        }
        out.write(Integer.parseInt(text.substring(i, end), 8));
        i = end;
      }
    }
    return out.toByteArray();
  }

  private static String refusal(Path path) {
    String message = assertThrows(UserError.class, () -> TorchCheckpoint.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    return new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
