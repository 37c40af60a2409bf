package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.graft.backbone.BackboneCatalog;
import org.graft.common.UserError;
import org.graft.image.Preprocessing.Interpolation;
import org.graft.image.Preprocessing.Resize;
import org.graft.image.Preprocessing.Size;
import org.junit.jupiter.api.Test;

class PreprocessingPresetTest {
  private static Preprocessing preset(String id) {
    return PreprocessingPreset.of(id).at(224, 224);
  }

  @Test
  void arePublishedNetworksOwn() {
    assertEquals(
        BackboneCatalog.card("resnet50.tv_in1k").preprocessing(), preset("imagenet-torch"));
    assertEquals(BackboneCatalog.card("vgg16.keras_in1k").preprocessing(), preset("keras-caffe"));
  }

  /** Of timm 1.0.31, transformers' CLIPImageProcessor and keras.applications. */
  @Test
  void haveTheirAuthorsNumbers() {
    Preprocessing timm = preset("imagenet-bicubic");
    assertEquals(Resize.shorterSide(256), timm.resize());
    assertEquals(Interpolation.BICUBIC, timm.interpolation());
    Preprocessing clip = preset("clip");
    assertEquals(Resize.shorterSide(224), clip.resize());
    assertEquals(new Size(224, 224), clip.crop());
    assertEquals(List.of(0.48145466, 0.4578275, 0.40821073), clip.mean());
    for (String id : List.of("keras-tf", "unit", "none", "keras-torch")) {
      assertEquals(Resize.stretch(224, 224), preset(id).resize());
    }
    assertEquals(-1, value("keras-tf", 0), 1e-12);
    assertEquals(1, value("keras-tf", 255), 1e-12);
    assertEquals(1, value("unit", 255), 1e-12);
    assertEquals(255, value("none", 255), 1e-12);
    assertEquals((1 - 0.485) / 0.229, value("keras-torch", 255), 1e-12);
  }

  private static double value(String id, int x) {
    Preprocessing preset = preset(id);
    return (x * preset.scale() - preset.mean().get(0)) / preset.std().get(0);
  }

  @Test
  void fitOtherSizes() {
    Preprocessing large = PreprocessingPreset.of("imagenet-torch").at(384, 256);
    assertEquals(Resize.shorterSide(439), large.resize());
    assertEquals(new Size(384, 256), large.output());
  }

  @Test
  void unknownNamesHaveANearest() {
    String message =
        assertThrows(UserError.class, () -> PreprocessingPreset.of("imagenet_torch")).getMessage();
    assertTrue(message.startsWith("Cannot prepare pictures by 'imagenet_torch': the"), message);
    assertTrue(message.endsWith("Did you mean 'imagenet-torch'?"), message);
  }
}
