package org.graft.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.testing.SmallModels;
import org.graft.weights.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArithmeticTest {
  @TempDir Path folder;

  /** A file of no network's weights. */
  private Path none() throws IOException {
    Path file = folder.resolve("none.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      writer.add("x", new long[] {1}, new float[] {1});
      writer.writeTo(out);
    }
    return file;
  }

  /**
   * As published, less the classifier, which is not part of a backbone: torchvision's {@code _ops}
   * are 4.089, 15.470 and 0.301 GFLOPS (multiplications with additions) with 2048, 4096 and 1280
   * times 1000 of it; He et al. 2015 give 3.8e9 for the network with its strides on the 1x1.
   */
  @ParameterizedTest
  @CsvSource({
    "resnet50.tv_in1k, 4.089, 0.002048",
    "resnet50.keras_in1k, 3.858, 0.002048",
    "vgg16.tv_in1k, 15.470, 0.004096",
    "mobilenetv2.coco, 0.301, 0.00128",
  })
  void countsWhatThePublishersCount(String name, double published, double classifier)
      throws IOException {
    Path file = none();
    BackboneCard card = BackboneCatalog.card(name);
    BackboneSpec spec =
        new BackboneSpec(card, card.defaultCut(), Pooling.AVG, 1, file, Precision.FP32);
    assertEquals(published - classifier, Arithmetic.multiplyAdds(spec) / 1e9, 0.0006);
  }

  /** torchvision's {@code _ops} of its weights, less the classifier. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 0.714, 4096",
    "vgg11, 7.609, 4096",
    "vgg13_bn, 11.308, 4096",
    "vgg19, 19.632, 4096",
    "resnet18, 1.814, 512",
    "resnet34, 3.664, 512",
    "resnet101_v1.5, 7.801, 2048",
    "resnet152_v1.5, 11.514, 2048",
    "wide_resnet50_2, 11.398, 2048",
    "densenet121, 2.834, 1024",
    "densenet161, 7.728, 2208",
    "densenet169, 3.36, 1664",
    "densenet201, 4.291, 1920",
  })
  void countsWhatTorchvisionCounts(String architecture, double published, int width)
      throws IOException {
    Path file = none();
    BackboneCard some = BackboneCatalog.card("resnet50.tv_in1k");
    List<String> cuts = Networks.of(architecture).cuts();
    Cut cut = new Cut("last", cuts.get(cuts.size() - 1), width, 1, 1, Pooling.NONE);
    BackboneCard card =
        new BackboneCard(
            architecture,
            architecture,
            some.input(),
            some.preprocessing(),
            List.of(cut),
            "last",
            some.weights(),
            "",
            "",
            true,
            List.of());
    BackboneSpec spec = new BackboneSpec(card, "last", Pooling.NONE, 1, file, Precision.FP32);
    double classifier = width * 1000 / 1e9;
    assertEquals(published - classifier, Arithmetic.multiplyAdds(spec) / 1e9, 0.0006);
  }

  @Test
  void countsADl4jNetworkOfTheUsersOwn() throws IOException {
    Path zip = folder.resolve("weights.zip");
    try (OutputStream out = Files.newOutputStream(zip)) {
      Dl4jExport.write(SmallModels.backbone("flat", 1), out);
    }
    BackboneSpec spec =
        new BackboneSpec(SmallModels.CARD, "flat", Pooling.AVG, 1, zip, Precision.FP32);
    int convolution = 3 * 6 * 3 * 3 * (6 * 5); // twice, from 11 x 9 to 6 x 5 positions
    int dense = 6 * 6 * 5 * 7;
    assertEquals(2 * convolution + dense, Arithmetic.multiplyAdds(spec));
  }
}
