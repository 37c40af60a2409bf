package org.graft.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.graft.backbone.BackboneCard.Cut;
import org.graft.backbone.BackboneCard.Input;
import org.graft.backbone.BackboneCard.Layout;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.NetworkReport;
import org.junit.jupiter.api.Test;

/** What a look into a file tells of it. */
class OnnxInspectorTest {
  private static NetworkReport report(String network) throws IOException {
    return OnnxInspector.inspect(OnnxFiles.file(network), 64);
  }

  @Test
  void proposesEachStagesEndAndTheLastVector() throws IOException {
    NetworkReport cnn = report("cnn");
    assertEquals("ONNX opset 17, IR version 8", cnn.format());
    assertTrue(cnn.producer().startsWith("pytorch 2."), cnn.producer());
    assertEquals(new Input(3, 32, 32), cnn.input());
    assertTrue(cnn.fixedSize());
    assertEquals(
        List.of(
            new Cut("stage1", "/layer1/layer1.1/Relu_1_output_0", 8, 16, 16, Pooling.AVG),
            new Cut("stage2", "/layer2/Relu_1_output_0", 12, 8, 8, Pooling.AVG),
            new Cut("features", "/Flatten_output_0", 12, 1, 1, Pooling.NONE),
            new Cut("output", "logits", 5, 1, 1, Pooling.NONE)),
        cnn.cuts());
    assertEquals("features", cnn.defaultCut());
    assertEquals(0, cnn.notes().size());
    // of torch: sum(p.numel() for p in Cnn().parameters()), and the running statistics
    assertEquals(5145, cnn.parameters());
  }

  @Test
  void findsTokensAndTheClassTokensVector() throws IOException {
    NetworkReport vit = report("vit");
    assertEquals(
        List.of(
            new Cut("stage1", "/patch/Conv_output_0", 24, 4, 4, Pooling.AVG),
            new Cut("tokens1", "/Transpose_output_0", 24, 16, 1, Pooling.AVG),
            new Cut("tokens2", "/norm/LayerNormalization_output_0", 24, 17, 1, Pooling.AVG),
            new Cut("features", "/Gather_1_output_0", 24, 1, 1, Pooling.NONE),
            new Cut("output", "logits", 5, 1, 1, Pooling.NONE)),
        vit.cuts());
    assertEquals("features", vit.defaultCut());
  }

  @Test
  void seesLayoutAndWhatTheNetworkDoesToThePictureItself() throws IOException {
    NetworkReport nhwc = report("nhwc");
    assertEquals(new Input(3, 32, 32, Layout.NHWC), nhwc.input());
    assertEquals(
        List.of(
            new Cut("stage1", "relu1", 8, 16, 16, Pooling.AVG),
            new Cut("stage2", "features", 10, 8, 8, Pooling.AVG),
            new Cut("features", "pooled", 10, 1, 1, Pooling.NONE),
            new Cut("output", "probabilities", 5, 1, 1, Pooling.NONE)),
        nhwc.cuts());
    assertEquals(
        List.of(
            "It scales the picture itself (Sub [0.1, 0.2, 0.3], Mul [2.0]): give it what it had there, mostly 0..255 (none) or 0..1 (unit)."),
        nhwc.notes());
    NetworkReport pixels = report("pixels");
    assertEquals(
        List.of(
            "It scales the picture itself (Div [255.0]): give it what it had there, mostly 0..255 (none) or 0..1 (unit).",
            "It takes bytes: the preset is none.",
            "Its batch is fixed at 1."),
        pixels.notes());
    assertEquals("features", pixels.defaultCut());
    assertEquals(96, cut(pixels, "features").channels());
  }

  @Test
  void takesTheSizeAskedForWhereAnyWillDo() throws IOException {
    NetworkReport branches = report("branches");
    assertFalse(branches.fixedSize());
    assertEquals(new Input(3, 64, 64), branches.input());
    assertEquals(16, cut(branches, "stage1").height());
    assertEquals("output", branches.defaultCut());
    assertEquals(List.of("It branches or loops [If]: it cannot run in int8."), branches.notes());
  }

  @Test
  void saysWhatIsRounded() throws IOException {
    assertTrue(report("cnn").exact());
    assertFalse(report("half").exact());
    assertEquals(
        List.of("Its weights have 16 bits; they are computed with in float32."),
        report("half").notes());
    assertEquals(
        List.of("It is quantised, and runs as it is: precision: int8 is for float32 networks."),
        report("static").notes());
    assertEquals(
        List.of("It is quantised dynamically: pictures go through one at a time."),
        report("dynamic").notes());
  }

  @Test
  void bringsInWeightsFromOtherFiles() throws IOException {
    assertEquals(report("cnn").cuts(), report("parts").cuts());
    assertEquals(report("cnn").parameters(), report("parts").parameters());
  }

  @Test
  void countsMultiplications() throws IOException {
    long stem = 16L * 16 * 8 * 27;
    long layer1 = 4 * 16L * 16 * 8 * 8 * 9;
    long layer2 = 8L * 8 * 12 * (8 * 9 + 12 * 9 + 8);
    assertEquals(
        stem + layer1 + layer2,
        OnnxArithmetic.multiplyAdds(OnnxFiles.spec("cnn", "/Flatten_output_0", Pooling.AVG, 1)));
    long patch = 16L * 24 * 3 * 64;
    long layer = 17L * 24 * 24 * (3 + 1 + 2 + 2) + 2 * 17L * 17 * 24;
    assertEquals(
        patch + 2 * layer,
        OnnxArithmetic.multiplyAdds(
            OnnxFiles.spec("vit", "/norm/LayerNormalization_output_0", Pooling.AVG, 1)));
  }

  private static Cut cut(NetworkReport report, String name) {
    return report.cuts().stream().filter(cut -> cut.name().equals(name)).findFirst().orElseThrow();
  }
}
