package org.graft.engine.keras;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.graft.common.UserError;
import org.graft.weights.GoldenTensors;
import org.graft.weights.Mutations;
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
        "variety.h5",
        "variety.weights.h5",
        "keras2_variety.h5",
        "keras2_slashes.h5",
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
    "cycle.h5, its group 'a' is in two places",
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
  @ValueSource(strings = {"keras3_flat.h5", "keras1.h5", "keras3_nested.weights.h5"})
  void survivesDamage(String name) throws IOException {
    Mutations.of(GoldenTensors.path(name)).times(2000).survive(folder, KerasH5File::open);
  }
}
