package org.graft.engine.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graft.common.UserError;
import org.graft.weights.GoldenTensors;
import org.graft.weights.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasArchiveTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"variety.keras", "variety_deflated.keras", "keras2_nested.keras"})
  void readsWhatKerasWrote(String name) throws IOException {
    try (KerasArchive file = KerasArchive.open(GoldenTensors.path(name))) {
      GoldenTensors.assertHolds(name, file);
    }
  }

  @Test
  void refusesAZipBomb() throws IOException {
    Path path = folder.resolve("bomb.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }
    assertRefused(path, "'model.weights.h5' would grow from 65");
  }

  @Test
  void refusesAnEntryThatUnpacksToMoreThanItSays() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(GoldenTensors.path("variety_deflated.keras"))) {
      bytes = in.readAllBytes();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int entry = text.lastIndexOf("PK\1\2", text.lastIndexOf("model.weights.h5"));
    bytes[entry + 24] ^= 1; // the length once unpacked
    assertRefused(Files.write(folder.resolve("lies.keras"), bytes), "'model.weights.h5'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"variety_deflated.keras", "keras2_nested.keras"})
  void survivesDamage(String name) throws IOException {
    Mutations.of(GoldenTensors.path(name)).times(2000).survive(folder, KerasArchive::open);
  }

  @ParameterizedTest
  @CsvSource({
    "Conv2D, conv2d",
    "Conv2DTranspose, conv2d_transpose",
    "DepthwiseConv2D, depthwise_conv2d",
    "BatchNormalization, batch_normalization",
    "ReLU, re_lu",
    "Functional, functional",
  })
  void namesGroupsAsKeras(String className, String group) {
    assertEquals(group, KerasConfig.snakeCase(className));
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> KerasArchive.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }
}
