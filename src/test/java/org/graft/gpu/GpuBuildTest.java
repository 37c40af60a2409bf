package org.graft.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneCatalog;
import org.graft.backbone.BackboneSpec;
import org.graft.backbone.BackboneSpec.Pooling;
import org.graft.backbone.Device;
import org.graft.backbone.FakeDriver;
import org.graft.backbone.GoldenInput;
import org.graft.backbone.Gpus;
import org.graft.backbone.Precision;
import org.graft.common.UserError;
import org.graft.engine.onnx.CudaProvider;
import org.graft.engine.onnx.OnnxBackboneLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build of {@code -Pgpu}: mvn verify -Pgpu. What needs a card runs where there is one. */
@Tag("gpu")
class GpuBuildTest {
  private static final Gpus HERE = Gpus.of(System.getenv());
  private static final double LEAST_COSINE = 0.9999;

  @TempDir static Path folder;

  private static BackboneSpec spec;

  @BeforeAll
  static void unpack() throws IOException {
    BackboneCard card = BackboneCatalog.card("mobilenetv2.coco");
    Path file = folder.resolve(card.weights().file());
    try (InputStream in =
        BackboneCatalog.class.getResourceAsStream("weights/mobilenetv2.coco.safetensors")) {
      Files.copy(in, file);
    }
    spec = new BackboneSpec(card, card.defaultCut(), Pooling.AVG, 8, file, Precision.FP32);
  }

  @Test
  void theProviderIsInTheBuild() {
    assertTrue(CudaProvider.isBuilt());
    assertEquals(List.of("CPU", "CUDA"), CudaProvider.providers().subList(0, 2));
  }

  @Test
  void withoutACardItSaysWhatIsMissing() {
    assumeTrue(HERE.cards().isEmpty());
    String said =
        assertThrows(
                UserError.class,
                () -> new OnnxBackboneLoader().forCards(0).load(spec, Device.cuda(0)))
            .getMessage();
    System.out.println("no card answers: " + said);
    assertTrue(said.startsWith("Cannot compute on cuda:0: " + HERE.problem() + ": "), said);
    assertTrue(
        (said.contains("libcudart.so.13") && said.contains("GRAFT_CUDA_LIBRARIES"))
            || said.contains("graft doctor"),
        said);
  }

  @Test
  void cardsThatItHasNoCodeForAreRefusedBeforeAnythingIsLoaded() {
    FakeDriver driver = new FakeDriver(folder);
    var loader = new OnnxBackboneLoader();
    assertEquals(
        "Tesla V100-SXM2-16GB (compute capability 7.0, driver 580.65.06): ONNX Runtime's CUDA provider has no code for compute capability 7.0 (it has 7.5, 8.0 to 8.9, 9.0, 10.0, 12.0). Hide the card by CUDA_VISIBLE_DEVICES if there are others, or set backbone.device: cpu",
        loader.cardProblem(driver.gpus(FakeDriver.V100)).orElseThrow());
    assertTrue(
        loader
            .cardProblem(driver.gpus(FakeDriver.OLD_DRIVER))
            .orElseThrow()
            .endsWith(
                "needs driver 580 or newer (got 550.54.15). Install a newer driver, or set backbone.device: cpu"));
    assertTrue(loader.cardProblem(driver.gpus(FakeDriver.H100)).isEmpty());
    assertTrue(
        loader
            .cardProblem(Gpus.of(Map.of("PATH", "/nowhere")))
            .orElseThrow()
            .startsWith("no card answers (there is no nvidia-smi on the PATH)"));
  }

  /** Features that were stored by the usual build are found again, so they have to be the same. */
  @Test
  void onTheProcessorItGivesTheUsualBuildsBits() throws Exception {
    Process usual =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ProcessorBits.class.getName(),
                spec.weights().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String bits = new String(usual.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, usual.waitFor());
    List<String> lines = bits.lines().toList();
    assertEquals("[CPU] " + ProcessorBits.of(spec), lines.get(lines.size() - 1));
  }

  @Test
  void aCardGivesTheProcessorsFeatures() throws IOException {
    assumeFalse(HERE.cards().isEmpty());
    try (Backbone processor = new OnnxBackboneLoader().load(spec)) {
      float[][] inputs = {
        GoldenInput.of(1, processor.inputLength()), GoldenInput.of(2, processor.inputLength())
      };
      float[][] wanted = processor.features(inputs);
      for (Precision precision : List.of(Precision.FP32, Precision.FP16)) {
        try (Backbone card =
            new OnnxBackboneLoader()
                .forCards(0)
                .load(spec.withPrecision(precision), Device.cuda(0))) {
          float[][] got = card.features(inputs);
          for (int i = 0; i < inputs.length; i++) {
            double cosine = ProcessorBits.cosine(wanted[i], got[i]);
            assertTrue(cosine >= LEAST_COSINE, () -> precision + " cosine " + cosine);
          }
        }
      }
    }
  }
}
