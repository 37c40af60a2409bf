package org.graft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.graft.common.UserError;
import org.graft.weights.GoldenTensors;
import org.graft.weights.Sha256;
import org.graft.weights.TarFiles;
import org.graft.weights.Tensors;
import org.graft.weights.WeightFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny.safetensors",
        "tiny.pth",
        "legacy.pth",
        "keras3_flat.weights.h5",
        "variety.keras"
      })
  void opensEachFormatByItsContents(String name) throws IOException {
    Path nameless = Files.copy(GoldenTensors.path(name), folder.resolve("weights"));
    try (Tensors tensors = WeightFiles.open(nameless)) {
      GoldenTensors.assertHolds(name, tensors);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny.onnx, tiny.onnx, ONNX",
    "frozen.pb, frozen.pb, TF_GRAPH",
    "onnx_external/model.onnx, onnx_external, ONNX",
    "sharded_torch/pytorch_model.bin.index.json, sharded_torch, SHARDED",
    "tfjs_uint8/model.json, tfjs_uint8, TFJS",
    "tf1/model.ckpt.index, tf1, TF_CHECKPOINT",
    "saved_model, saved_model, SAVED_MODEL",
    "saved_model/saved_model.pb, saved_model, SAVED_MODEL",
    "saved_model.tar.gz, saved_model, SAVED_MODEL_ARCHIVE",
  })
  void tellsFormatsApart(String file, String expected, WeightFormat format) throws IOException {
    Path path = GoldenTensors.path(file);
    assertEquals(format, WeightFormat.of(path));
    try (Tensors tensors = WeightFiles.open(path)) {
      GoldenTensors.assertHolds(expected, tensors);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sharded_safetensors/model.safetensors.index.json, sharded_safetensors, model",
    "tfjs_uint8/model.json, tfjs_uint8, model",
    "tf1_sharded/model.ckpt.index, tf1_sharded, model",
    "saved_model, saved_model, saved_model",
    "saved_model.tar.gz, saved_model, saved_model",
  })
  void makesOneFileOfMany(String source, String expected, String stem) throws IOException {
    Path single = WeightFiles.single(GoldenTensors.path(source), folder);
    assertEquals(WeightFormat.SAFETENSORS, WeightFormat.of(single));
    String name = stem + "-" + Sha256.of(single).substring(0, 16) + ".safetensors";
    assertEquals(name, single.getFileName().toString());
    try (Tensors tensors = WeightFiles.open(single)) {
      GoldenTensors.assertHolds(expected, tensors);
    }
    assertEquals(single, WeightFiles.single(GoldenTensors.path(source), folder));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(single), files.toList());
    }
  }

  @Test
  void opensAPackedH5AndMakesOneFileOfIt() throws IOException {
    Path packed = folder.resolve("openl3.h5.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(GoldenTensors.path("keras2_flat.h5"), out);
    }
    assertEquals(WeightFormat.KERAS_H5_GZIP, WeightFormat.of(packed));
    try (Tensors tensors = WeightFiles.open(packed)) {
      GoldenTensors.assertHolds("keras2_flat.h5", tensors);
    }
    Path single = WeightFiles.single(packed, folder.resolve("single"));
    try (Tensors tensors = WeightFiles.open(single)) {
      GoldenTensors.assertHolds("keras2_flat.h5", tensors);
    }
    byte[] bytes = Files.readAllBytes(packed);
    Files.write(packed, Arrays.copyOf(bytes, bytes.length - 20));
    String message = assertThrows(UserError.class, () -> WeightFiles.open(packed)).getMessage();
    assertTrue(message.contains("it ends early or cannot be unpacked"), message);
  }

  @Test
  void opensANemoArchiveAndMakesOneFileOfIt() throws IOException {
    byte[] state = Files.readAllBytes(GoldenTensors.path("tiny.pth"));
    Path packed = TarFiles.packed(folder, TarFiles.entry("./model_weights.ckpt", '0', state));
    Path single = WeightFiles.single(packed, folder.resolve("single"));
    try (Tensors tensors = WeightFiles.open(single)) {
      GoldenTensors.assertHolds("tiny.pth", tensors);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.safetensors", "tiny.pth", "variety.keras", "tiny.onnx"})
  void givesASingleFileBackAsItIs(String name) throws IOException {
    assertEquals(GoldenTensors.path(name), WeightFiles.single(GoldenTensors.path(name), folder));
  }

  @Test
  void leavesNothingBehindWhereItFails() throws IOException {
    Path index = GoldenTensors.path("tf1_partitioned/m.index");
    assertThrows(UserError.class, () -> WeightFiles.single(index, folder));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void knowsAWholeDl4jNetwork() throws IOException {
    Path path = zip("configuration.json", "coefficients.bin");
    assertEquals(WeightFormat.DL4J_ZIP, WeightFormat.of(path));
    assertRefused(path, "it is a whole DL4J network");
  }

  @Test
  void refusesOtherFilesAndSaysWhatItReads() throws IOException {
    assertRefused(zip("readme.txt"), "it is a zip file of another kind");
    assertRefused(file(""), "it is empty");
    assertRefused(
        file("<!DOCTYPE html>..."),
        "its format is unknown (first bytes: 3c 21 44 4f 43 54 59 50 45 20 68 74 6d 6c 3e 2e)."
            + " Graft reads .safetensors, .pth (a state dict)");
    assertRefused(file("PK\3\4 but no more"), "has no zip directory");
    assertRefused(file("x".repeat(257) + "ustar"), "it is a tar file");
    assertRefused(folder.resolve("gone"), "there is no such file");
    assertRefused(folder, "it is a folder without saved_model.pb");
    assertRefused(file("{\"a\":1}"), "it is JSON of another kind");
  }

  private static void assertRefused(Path path, String why) {
    String message = assertThrows(UserError.class, () -> WeightFiles.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("file"), text, StandardCharsets.ISO_8859_1);
  }

  private Path zip(String... names) throws IOException {
    Path path = folder.resolve("file.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(1);
      }
    }
    return path;
  }
}
