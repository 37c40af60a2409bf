package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose names are whose, by a few of each publisher's. */
class ClassicDialectsTest {
  @ParameterizedTest
  @CsvSource({
    "densenet121, TORCH, features.denseblock1.denselayer1.norm1.weight",
    "densenet121, TORCH_0_2, features.denseblock1.denselayer1.norm.1.weight",
    "densenet201, TORCH_0_2, features.denseblock4.denselayer32.conv.2.weight",
    "densenet121, KERAS, conv2_block1_1_conv/kernel",
    "vgg16, TORCH, classifier.3.weight",
    "vgg16, TIMM, pre_logits.fc2.weight",
    "vgg16, KERAS, block5_conv3/kernel",
    "vgg19_bn, TIMM, pre_logits.fc1.weight",
    "resnet152_v1, KERAS, conv4_block36_3_bn/moving_variance",
    "resnet34, TORCH, layer3.5.bn2.running_var",
    "resnet50_v2, KERAS, conv2_block3_preact_bn/gamma",
    "alexnet, TORCH, unknown"
  })
  void aNameTellsTheDialect(String architecture, Dialect dialect, String name) {
    assertEquals(dialect, Networks.of(architecture).dialect(Set.of(name)));
  }
}
