package org.graft.spark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.graft.backbone.ActivationRanges;
import org.graft.backbone.ActivationRanges.Range;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.graft.image.JpegScaling;
import org.graft.sample.SampleLimits;
import org.graft.testing.SmallModels;
import org.junit.jupiter.api.Test;

class BackboneRefTest {
  private static final ActivationRanges RANGES =
      ActivationRanges.of(3, Map.of("a", new Range(-0.1f, 2.5f), "b", new Range(0, 1)));

  private static BackboneRef ref(Precision precision, JpegScaling scaling) {
    BackboneSpec spec =
        new BackboneSpec(
            SmallModels.CARD, "flat", Pooling.NONE, 8, Path.of("/driver/w.zip"), precision);
    BackboneChoice choice = new BackboneChoice(spec, new OnnxBackboneLoader(), "00", scaling);
    return BackboneRef.of(choice, "shipped.zip");
  }

  @Test
  void carriesTheSpecWithItsPrecision() {
    Path here = Path.of("/executor/shipped.zip");
    for (Precision precision :
        new Precision[] {Precision.FP32, Precision.TF32, Precision.FP16, Precision.int8(RANGES)}) {
      BackboneSpec expected =
          new BackboneSpec(SmallModels.CARD, "flat", Pooling.NONE, 8, here, precision);
      assertEquals(expected, ref(precision, JpegScaling.NONE).spec(here));
    }
  }

  @Test
  void anExecutorThatComputesOrDecodesOtherwiseIsRefused() {
    BackboneRef ref = ref(Precision.FP32, JpegScaling.DRAFT);
    assertDoesNotThrow(() -> ref.checkEngine(new OnnxBackboneLoader().engine()));
    assertDoesNotThrow(() -> ref.frontEnd(new SampleLimits(1000, 1)));
    UserError engine = assertThrows(UserError.class, () -> ref.checkEngine("onnxruntime 9"));
    assertTrue(
        engine
            .getMessage()
            .startsWith(
                "Cannot extract on this executor: it runs networks by 'onnxruntime 9' (the driver"
                    + " by 'onnxruntime 1."),
        engine.getMessage());
    BackboneRef other =
        new BackboneRef(
            ref.card(),
            ref.cut(),
            ref.pooling(),
            ref.batch(),
            ref.precision(),
            ref.ranges(),
            ref.weightsFile(),
            ref.origin(),
            ref.jpegScaling(),
            ref.engine(),
            "jpeg-of-mars");
    UserError decoder =
        assertThrows(UserError.class, () -> other.frontEnd(new SampleLimits(1000, 1)));
    assertTrue(
        decoder.getMessage().contains("(the driver by 'jpeg-of-mars')"), decoder.getMessage());
  }
}
