package org.graft.engine.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.graft.common.UserError;
import org.graft.engine.keras.KerasNames.Candidate;
import org.graft.weights.GoldenTensors;
import org.graft.weights.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasH5FileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keras1.h5",
        "keras2_flat.h5",
        "keras2_nested.h5",
        "keras3_flat.h5",
        "keras3_nested.h5",
        "keras3_flat.weights.h5",
        "keras3_nested.weights.h5",
        "half.h5",
      })
  void readsWhatKerasWrote(String name) throws IOException {
    try (KerasH5File file = KerasH5File.open(GoldenTensors.path(name))) {
      GoldenTensors.assertHolds(name, file);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "chunked.h5, 'a/kernel' is chunked",
    "external.h5, 'a/kernel' is missing",
    "missing.h5, 'a/kernel' is missing",
    "other.h5, neither the attribute 'layer_names' nor a group 'layers'",
    "keras2_flat.weights.h5, this older Keras 3 file does not name its layers",
    "tiny.pth, its HDF5 structure is broken",
  })
  void refusesWhatItCannotTrust(String name, String why) {
    Path path = GoldenTensors.path(name);
    String message = assertThrows(UserError.class, () -> KerasH5File.open(path)).getMessage();
    assertTrue(message.startsWith("Cannot read weights from " + path), message);
    assertTrue(message.contains(why), message);
  }

  @ParameterizedTest
  @CsvSource({
    "block1_conv1/kernel:0, kernel",
    "block1_conv1/kernel, kernel",
    "block1_conv1_W_1:0, kernel",
    "block1_conv1_b_1, bias",
    "bn2a_branch2a_running_std_1:0, moving_variance",
    "conv1_bn/moving_variance:0, moving_variance",
    "depthwise/depthwise_kernel:0, depthwise_kernel",
  })
  void namesVariablesAlike(String weightName, String variable) {
    assertEquals(variable, KerasNames.variable(weightName));
  }

  @Test
  void takesTheLayerFromThePathInsideANestedModel() {
    assertEquals(
        List.of(
            new Candidate("conv1/kernel", "vgg/conv1/kernel:0"),
            new Candidate("conv2/kernel", "vgg/conv2/kernel:0")),
        KerasNames.inLayer("vgg", List.of("conv1/kernel:0", "conv2/kernel:0")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras3_flat.h5", "keras1.h5", "keras3_nested.weights.h5"})
  void survivesDamage(String name) throws IOException {
    Mutations.survive(
        GoldenTensors.path(name), folder.resolve("damaged.h5"), 2000, KerasH5File::open);
  }
}
