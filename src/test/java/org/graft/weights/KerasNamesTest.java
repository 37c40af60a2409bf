package org.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.graft.weights.KerasNames.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerasNamesTest {
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
  @CsvSource({
    "dw/depthwise_kernel, dw/kernel",
    "sep/depthwise_kernel, sep/depthwise_kernel",
    "both/depthwise_kernel, both/depthwise_kernel",
    "stage_0_layer_scale/Variable, stage_0_layer_scale/gamma",
    "custom/variable, custom/variable",
    "global_step, global_step",
  })
  void callsVariablesAsTodaysKeras(String name, String today) {
    Set<String> all = Set.of(name, "sep/pointwise_kernel", "both/kernel");
    assertEquals(today, KerasNames.today(name, new TreeSet<>(all)));
  }

  @ParameterizedTest
  @CsvSource({
    "layer_normalization_7, 1, 2, beta",
    "layer_normalization_7, 0, 1, 0",
    "layer_scale, 0, 1, gamma",
    "separable_conv2d, 1, 3, pointwise_kernel",
    "batch_normalization, 0, 3, beta",
    "my_own_layer, 2, 3, 2",
  })
  void namesWhatKeras3Numbers(String group, int index, int count, String variable) {
    assertEquals(variable, KerasNames.variable(group, index, count));
  }
}
