package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.GoldenInput;
import org.graft.head.TrainedHead;
import org.graft.head.TrainedHead.Output;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A user's network and a head as one model, which can itself become a backbone. */
class FileExportTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "cnn, /layer2/Relu_1_output_0, MAX",
    "vit, /norm/LayerNormalization_output_0, FIRST",
    "nhwc, features, AVG",
    "pixels, flat, NONE"
  })
  void predictsAsBackboneAndHeadDo(String network, String tensor, Pooling pooling)
      throws Exception {
    BackboneSpec spec = OnnxFiles.spec(network, tensor, pooling, 1);
    int width = spec.card().cut(tensor).featureWidth(pooling);
    TrainedHead head = SmallModels.head(width, 5, Output.SOFTMAX, 3);
    OnnxModel export = OnnxExport.ofFile(spec, head, "test");
    float[] picture = GoldenInput.of(2, spec.card().input().length());
    float[] expected;
    try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
      expected = head.probabilities(backbone.features(new float[][] {picture})[0]);
    }
    INDArray input = Nd4j.createFromArray(picture).reshape(1, 3, OnnxFiles.SIZE, OnnxFiles.SIZE);
    INDArray got = OnnxRun.run(export.bytes(), input, OnnxExport.PROBABILITIES);
    assertArrayEquals(expected, got.toFloatVector(), 1e-5f);
    again(export, expected, picture);
  }

  /** Its tensors have the very names that Graft gives to its own. */
  private void again(OnnxModel export, float[] expected, float[] picture) throws IOException {
    Path file = Files.write(folder.resolve("again.onnx"), export.bytes());
    Cut cut = new Cut("again", OnnxExport.PROBABILITIES, 3, 1, 1, Pooling.NONE);
    BackboneCard card = OnnxFiles.card(OnnxFiles.input("cnn"), cut);
    BackboneSpec small = OnnxFiles.spec("cnn", "/Flatten_output_0", Pooling.NONE, 1);
    BackboneSpec spec = new BackboneSpec(card, "again", Pooling.NONE, 1, file, small.precision());
    try (Backbone backbone = new OnnxBackboneLoader().load(spec)) {
      assertArrayEquals(expected, backbone.features(new float[][] {picture})[0], 1e-5f);
    }
    assertEquals(
        "output",
        OnnxInspector.inspect(file, 32).cuts().stream()
            .filter(proposal -> proposal.layer().equals(OnnxExport.PROBABILITIES))
            .findFirst()
            .orElseThrow()
            .name());
  }
}
