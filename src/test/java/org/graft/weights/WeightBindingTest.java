package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;
import org.junit.jupiter.api.Test;

class WeightBindingTest {
  @Test
  void givesWhatIsWantedAndListsTheRest() throws IOException {
    try (Tensors file = TorchCheckpoint.open(GoldenTensors.path("nested.pth"))) {
      WeightBinding binding =
          WeightBinding.of(
              file,
              "net.pth",
              Map.of("0.weight", new long[] {2, 1, 1, 1}, "1.weight", new long[] {2}));
      assertArrayEquals(new float[] {1, 1}, binding.read("1.weight"));
      assertEquals(
          List.of("0.bias", "1.bias", "1.running_mean", "1.running_var"),
          binding.unused(name -> name.endsWith("num_batches_tracked")));
      assertThrows(IllegalArgumentException.class, () -> binding.read("0.bias"));
    }
  }

  @Test
  void namesEverythingThatDoesNotFit() throws IOException {
    Map<String, long[]> wanted = new LinkedHashMap<>();
    wanted.put("0.weigth", new long[] {2, 1, 1, 1});
    wanted.put("0.bias", new long[] {3});
    wanted.put("1.bias", new long[] {2});
    wanted.put("classifier.6.100%", new long[] {1000, 4096});
    try (Tensors file = TorchCheckpoint.open(GoldenTensors.path("nested.pth"))) {
      UserError error =
          assertThrows(UserError.class, () -> WeightBinding.of(file, "net.pth", wanted));
      assertEquals(
          """
          Cannot use the weights in net.pth for this network (3 problems):
            - '0.weigth' [2, 1, 1, 1] is missing. Did you mean '0.weight'?
            - '0.bias' has the shape [2], wanted [3]
            - 'classifier.6.100%' [1000, 4096] is missing.""",
          error.getMessage());
    }
  }
}
